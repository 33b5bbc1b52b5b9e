import { isJsonObject, type Json, type JsonObject, type KubeObject } from '../kube-object.ts';
import { overlayPaths, type PathPatch } from '../overlay/path-overlay.ts';
import { PatchError, strategicMerge } from '../overlay/strategic-merge.ts';
import type { Problem } from '../problem.ts';
import type { InstanceContext } from '../values/chart-contexts.ts';
import type { ComponentInstance } from '../values/component-instances.ts';
import type { Form } from './chart.ts';
import { printed } from './value-tree.ts';

/** What was found on the way: problems stop the render, warnings do not. */
export interface Findings {
  problems: Problem[];
  warnings: Problem[];
}

interface Adjusted {
  objects: KubeObject[];
  problems: Problem[];
}

/** What a component's `k8s` block acts on. */
interface Target {
  kind: string;
  name: string;
  container: string;
}

/**
 * Applies the `k8s` block of a component to its rendered objects: the settings as strategic merge patches, then the
 * overlays. Upstream passes over what it cannot apply (an overlay that matches nothing, `volumes`, the settings of a
 * revision named "default"); our form applies it or reports it.
 */
export function patchObjects(
  rendered: KubeObject[],
  { instance, context }: InstanceContext,
  findings: Findings,
): KubeObject[] {
  const k8s = instance.settings['k8s'];
  if (!isJsonObject(k8s)) return rendered;
  const { form } = context;
  const target = targetOf(instance, { form, revision: printed(context.values['revision']) });
  const patched = target ? applySettings(rendered, k8s, { target, instance, form }) : noChange(rendered);
  const overlaid = applyOverlays(patched.objects, k8s['overlays'], `${instance.path}.k8s.overlays`);
  findings.problems.push(...patched.problems);
  if (form === 'sailwright') findings.problems.push(...overlaid.problems);
  return overlaid.objects;
}

function noChange(objects: KubeObject[]): Adjusted {
  return { objects, problems: [] };
}

function targetOf(
  instance: ComponentInstance,
  { form, revision }: { form: Form; revision: string },
): Target | undefined {
  const { workload, many } = instance.traits;
  if (!workload) return undefined;
  const gatewayName = many ? instance.settings['name'] : undefined;
  const name = typeof gatewayName === 'string' && gatewayName !== '' ? gatewayName : workload.name;
  const plain = instance.component !== 'Pilot' || revision === '' || (revision === 'default' && form === 'upstream');
  return { ...workload, name: plain ? name : `${name}-${revision}` };
}

type Patch = (value: Json) => JsonObject;

const inPod =
  (field: string): Patch =>
  (value) => ({ spec: { template: { spec: { [field]: value } } } });
const inSpec = (value: Json): JsonObject => ({ spec: value });

/** Settings that patch the workload itself. */
function workloadPatches(container: string): Record<string, Patch> {
  const inContainer =
    (field: string): Patch =>
    (value) => ({ spec: { template: { spec: { containers: [{ name: container, [field]: value }] } } } });
  return {
    affinity: inPod('affinity'),
    env: inContainer('env'),
    imagePullPolicy: inContainer('imagePullPolicy'),
    nodeSelector: inPod('nodeSelector'),
    podAnnotations: (value) => ({ spec: { template: { metadata: { annotations: value } } } }),
    priorityClassName: inPod('priorityClassName'),
    readinessProbe: inContainer('readinessProbe'),
    replicaCount: (value) => ({ spec: { replicas: value } }),
    resources: inContainer('resources'),
    securityContext: inPod('securityContext'),
    strategy: (value) => ({ spec: { strategy: value } }),
    tolerations: inPod('tolerations'),
  };
}

/** Settings that upstream's API knows but its tool passes over. */
function ownPatches(container: string): Record<string, Patch> {
  return {
    volumes: inPod('volumes'),
    volumeMounts: (value) => ({
      spec: { template: { spec: { containers: [{ name: container, volumeMounts: value }] } } },
    }),
  };
}

/** Settings that patch an object beside the workload. */
const COMPANION_PATCHES: Record<string, { kind: string; patch: Patch }> = {
  hpaSpec: { kind: 'HorizontalPodAutoscaler', patch: inSpec },
  podDisruptionBudget: { kind: 'PodDisruptionBudget', patch: inSpec },
  service: { kind: 'Service', patch: inSpec },
  serviceAnnotations: { kind: 'Service', patch: (value) => ({ metadata: { annotations: value } }) },
};

interface Scope {
  target: Target;
  instance: ComponentInstance;
  form: Form;
}

function applySettings(rendered: KubeObject[], k8s: JsonObject, { target, instance, form }: Scope): Adjusted {
  const patches: Record<string, { kind: string; patch: Patch }> = { ...COMPANION_PATCHES };
  const own = form === 'upstream' ? {} : ownPatches(target.container);
  for (const [field, patch] of Object.entries({ ...workloadPatches(target.container), ...own })) {
    patches[field] = { kind: target.kind, patch };
  }
  let objects = rendered;
  const problems: Problem[] = [];
  for (const [field, { kind, patch }] of Object.entries(patches)) {
    const value = settingOf(k8s, field, instance);
    if (value === undefined) continue;
    try {
      objects = objects.map((object) => (isNamed(object, kind, target.name) ? patched(object, patch(value)) : object));
    } catch (error) {
      if (!(error instanceof PatchError)) throw error;
      problems.push({ path: `${instance.path}.k8s.${field}`, message: error.message });
    }
  }
  return { objects, problems };
}

/** A gateway's service ports reach its Service and its pods through the chart, so the patch leaves them out. */
function settingOf(k8s: JsonObject, field: string, { traits }: ComponentInstance): Json | undefined {
  const value = k8s[field];
  if (field !== 'service' || !traits.many || !isJsonObject(value)) return value;
  const { ports: _ports, ...rest } = value;
  return rest;
}

function isNamed(object: KubeObject, kind: string, name: string): boolean {
  return object.kind === kind && object.metadata.name === name;
}

function patched(object: KubeObject, patch: JsonObject): KubeObject {
  const merged = strategicMerge(object as JsonObject, patch, object.kind);
  const spec = merged['spec'];
  // The API allows one of the two; the chart's default gives way to what the user asks for.
  if (
    object.kind === 'PodDisruptionBudget' &&
    isJsonObject(spec) &&
    'minAvailable' in spec &&
    'maxUnavailable' in spec
  ) {
    delete spec['minAvailable'];
  }
  return merged as KubeObject;
}

function applyOverlays(rendered: KubeObject[], overlays: Json | undefined, path: string): Adjusted {
  if (!Array.isArray(overlays)) return noChange(rendered);
  let objects = rendered;
  const problems: Problem[] = [];
  overlays.forEach((overlay, index) => {
    if (!isJsonObject(overlay)) return;
    const at = `${path}[${index}]`;
    const applied = applyOverlay(objects, overlay, at);
    objects = applied.objects;
    problems.push(...applied.problems);
  });
  return { objects, problems };
}

function applyOverlay(objects: KubeObject[], overlay: JsonObject, at: string): Adjusted {
  const { kind, name, patches } = overlay;
  const list = Array.isArray(patches) ? (patches.filter(isJsonObject) as unknown as PathPatch[]) : [];
  const problems: Problem[] = [];
  let matched = false;
  const changed = objects.map((object) => {
    if (typeof kind !== 'string' || typeof name !== 'string' || !isNamed(object, kind, name)) return object;
    matched = true;
    const result = overlayPaths(object as JsonObject, list);
    problems.push(
      ...result.failures.map((failure) => ({
        path: `${at}.patches[${failure.index}].path`,
        message: `${failure.path} in ${kind} ${name}: ${failure.message}`,
      })),
    );
    return result.object as KubeObject;
  });
  if (!matched) problems.push(unmatchedOverlay(objects, overlay, at));
  return { objects: changed, problems };
}

function unmatchedOverlay(objects: KubeObject[], { kind, name }: JsonObject, at: string): Problem {
  const names = objects.filter((object) => object.kind === kind).map((object) => object.metadata.name);
  const hint = names.length > 0 ? { hint: `it renders ${names.join(', ')}` } : {};
  return {
    path: at,
    message: `the component renders no ${JSON.stringify(kind)} named ${JSON.stringify(name)}`,
    ...hint,
  };
}
