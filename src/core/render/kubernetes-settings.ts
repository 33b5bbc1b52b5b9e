import { isJsonObject, type Json, type JsonObject, type KubeObject } from '../kube-object.ts';
import { overlayPaths, type PathPatch } from '../overlay/path-overlay.ts';
import { isTextField } from '../overlay/text-fields.ts';
import { PatchError, strategicMerge } from '../overlay/strategic-merge.ts';
import type { Problem } from '../problem.ts';
import { TooMuchWork, type WorkMeter } from '../work-meter.ts';
import type { InstanceContext } from './composition/chart-contexts.ts';
import type { ComponentInstance } from './composition/component-instances.ts';
import { RenderError } from '../render-error.ts';
import type { Form } from '../components.ts';
import { settingPatches, withOneLimit, type Target } from './kubernetes-patches.ts';
import { cloneJson } from '../values/merge.ts';
import { printed } from '../values/value-tree.ts';

/** What was found on the way: problems stop the render, warnings do not. */
export interface Findings {
  problems: Problem[];
  warnings: Problem[];
}

interface Adjusted extends Findings {
  objects: KubeObject[];
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
  work: WorkMeter,
): KubeObject[] {
  const k8s = instance.settings['k8s'];
  if (!isJsonObject(k8s)) return rendered;
  const { form } = context;
  const target = targetOf(instance, { form, revision: printed(context.values['revision']) });
  const patched = target ? applySettings(rendered, k8s, { target, instance, form }) : noChange(rendered);
  const path = `${instance.path}.k8s.overlays`;
  const overlaid = applyOverlays(patched.objects, k8s['overlays'], { path, form, work, copied: new Map() });
  findings.problems.push(...patched.problems);
  findings.warnings.push(...patched.warnings);
  if (form === 'sailwright') findings.warnings.push(...unusedSettings(k8s, instance, target));
  if (form === 'sailwright') findings.problems.push(...overlaid.problems);
  return overlaid.objects;
}

function noChange(objects: KubeObject[]): Adjusted {
  return { objects, problems: [], warnings: [] };
}

/** Settings that this component has no use for at all. */
function unusedSettings(k8s: JsonObject, { path }: ComponentInstance, target: Target | undefined): Problem[] {
  const known = target ? settingPatches(target, 'sailwright') : {};
  return Object.entries(k8s)
    .filter(([field, value]) => field !== 'overlays' && value !== undefined && !isEmpty(value) && !known[field])
    .map(([field]) => ({
      path: `${path}.k8s.${field}`,
      code: 'SettingUnused',
      message: target
        ? `has no effect: the component is a ${target.kind}`
        : 'has no effect: the component has no workload',
    }));
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

interface Scope {
  target: Target;
  instance: ComponentInstance;
  form: Form;
}

function applySettings(rendered: KubeObject[], k8s: JsonObject, { target, instance, form }: Scope): Adjusted {
  const patches = settingPatches(target, form);
  const result: Adjusted = { objects: rendered, problems: [], warnings: [] };
  for (const [field, { kind, patch }] of Object.entries(patches)) {
    const value = settingOf(k8s, field, instance);
    if (value === undefined) continue;
    const path = `${instance.path}.k8s.${field}`;
    if (form === 'sailwright') ensureTarget(result, { field, kind, name: target.name, value, path });
    try {
      result.objects = result.objects.map((object) =>
        isNamed(object, kind, target.name) ? patched(object, patch(value)) : object,
      );
    } catch (error) {
      if (!(error instanceof PatchError)) throw error;
      result.problems.push({ path, code: 'SettingUnfit', message: error.message });
    }
  }
  return result;
}

interface Setting {
  field: string;
  kind: string;
  name: string;
  value: Json;
  path: string;
}

/**
 * Makes the object that a setting is for when the chart renders none and the setting alone is enough to know it; tells
 * of a setting that can have no effect. Upstream passes over both.
 */
function ensureTarget(result: Adjusted, { field, kind, name, value, path }: Setting): void {
  if (result.objects.some((object) => isNamed(object, kind, name)) || isEmpty(value)) return;
  const workload = result.objects.find((object) => isNamed(object, 'Deployment', name));
  if (field === 'podDisruptionBudget' && workload) {
    result.objects = [...result.objects, disruptionBudgetFor(workload)];
    return;
  }
  const message = `has no effect: the component renders no ${kind} named ${name}`;
  result.warnings.push({
    path,
    code: 'SettingUnused',
    message,
    ...(HINTS[field] === undefined ? {} : { hint: HINTS[field] }),
  });
}

const HINTS: Readonly<Record<string, string>> = {
  hpaSpec: 'it renders one while autoscaleEnabled is true and autoscaleMin and autoscaleMax are set',
  service: 'a gateway with customService has none',
  serviceAnnotations: 'a gateway with customService has none',
};

function isEmpty(value: Json): boolean {
  return value === null || (typeof value === 'object' && Object.keys(value).length === 0);
}

/** A budget for the pods of a Deployment, without its limit. */
function disruptionBudgetFor({ metadata, ...workload }: KubeObject): KubeObject {
  const { name, namespace, labels } = metadata;
  const spec = isJsonObject(workload['spec']) ? workload['spec'] : {};
  return {
    apiVersion: 'policy/v1',
    kind: 'PodDisruptionBudget',
    metadata: { name, ...(namespace === undefined ? {} : { namespace }), ...(labels ? { labels: { ...labels } } : {}) },
    spec: { selector: spec['selector'] },
  };
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
  if (object.kind === 'PodDisruptionBudget') withOneLimit(merged['spec']);
  return merged as KubeObject;
}

interface OverlayScope {
  path: string;
  form: Form;
  work: WorkMeter;
  /** Objects that overlays may change, by the rendered ones: each is copied once, however many overlays name it. */
  copied: Map<KubeObject, KubeObject>;
}

function applyOverlays(rendered: KubeObject[], overlays: Json | undefined, scope: OverlayScope): Adjusted {
  if (!Array.isArray(overlays) || overlays.length === 0) return noChange(rendered);
  const result = noChange([...rendered]);
  overlays.forEach((overlay, index) => {
    if (!isJsonObject(overlay)) return;
    const path = `${scope.path}[${index}]`;
    try {
      applyOverlay(result, overlay, { ...scope, path });
    } catch (error) {
      if (!(error instanceof TooMuchWork)) throw error;
      throw new RenderError(path, TOO_MUCH, {
        code: 'TooMuchWork',
        hint: 'set a whole list or map by one patch instead of its elements by many',
        cause: error,
      });
    }
  });
  return result;
}

const TOO_MUCH = 'is where the overlays of this resource become too much work to apply: too many patches of long lists';

function applyOverlay({ objects, problems }: Adjusted, overlay: JsonObject, scope: OverlayScope): void {
  const { kind, name, patches } = overlay;
  const { path: at, form, work } = scope;
  const list = Array.isArray(patches) ? patches.filter(isJsonObject).map(toPathPatch) : [];
  work.spend(objects.length + list.length);
  let matched = false;
  objects.forEach((object, index) => {
    if (typeof kind !== 'string' || typeof name !== 'string' || !isNamed(object, kind, name)) return;
    matched = true;
    const own = ownCopy(object, scope.copied);
    objects[index] = own;
    const failures = overlayPaths(own as JsonObject, list, {
      work,
      ...(form === 'upstream' ? {} : { keepsText: isTextField }),
    });
    for (const failure of failures) {
      problems.push({
        path: `${at}.patches[${failure.index}].path`,
        code: 'OverlayFailed',
        message: `${failure.path} in ${kind} ${name}: ${failure.message}`,
      });
    }
  });
  if (!matched) problems.push(unmatchedOverlay(objects, overlay, at));
}

/** Rendered objects share parts with each other, so that none may be changed. */
function ownCopy(object: KubeObject, copied: Map<KubeObject, KubeObject>): KubeObject {
  const known = copied.get(object);
  if (known) return known;
  // Versions of a definition share their schema: each gets its own, or an overlay of one would change all.
  const copy = cloneJson(object as unknown as JsonObject) as unknown as KubeObject;
  copied.set(object, copy);
  // What is a copy already is changed in place by the next overlay.
  copied.set(copy, copy);
  return copy;
}

/** Null is an empty path, as in Go. */
function toPathPatch({ path, value }: JsonObject): PathPatch {
  return { path: typeof path === 'string' ? path : '', value };
}

function unmatchedOverlay(objects: KubeObject[], { kind, name }: JsonObject, at: string): Problem {
  const names = objects.filter((object) => object.kind === kind).map((object) => object.metadata.name);
  const hint = names.length > 0 ? { hint: `it renders ${names.join(', ')}` } : {};
  return {
    path: at,
    code: 'OverlayUnmatched',
    message: `the component renders no ${JSON.stringify(kind)} named ${JSON.stringify(name)}`,
    ...hint,
  };
}
