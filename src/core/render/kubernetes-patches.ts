import { isJsonObject, type Json, type JsonObject } from '../kube-object.ts';
import type { Form } from '../components.ts';

/** What a component's `k8s` block acts on. */
export interface Target {
  kind: 'Deployment' | 'DaemonSet';
  name: string;
  container: string;
}

/** How one setting changes objects of a kind. */
export interface SettingPatch {
  kind: string;
  patch: (value: Json) => JsonObject;
}

type Patch = SettingPatch['patch'];

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

/** Settings that upstream's API knows but its tool passes over, or writes where a DaemonSet has no such field. */
function ownPatches({ kind, container }: Target): Record<string, Patch> {
  const patches: Record<string, Patch> = {
    volumes: inPod('volumes'),
    volumeMounts: (value) => ({
      spec: { template: { spec: { containers: [{ name: container, volumeMounts: value }] } } },
    }),
  };
  if (kind === 'DaemonSet') patches['strategy'] = (value) => ({ spec: { updateStrategy: value } });
  return patches;
}

/** Settings that patch an object beside the workload. */
const COMPANION_PATCHES: Record<string, SettingPatch> = {
  hpaSpec: { kind: 'HorizontalPodAutoscaler', patch: inSpec },
  podDisruptionBudget: { kind: 'PodDisruptionBudget', patch: inSpec },
  service: { kind: 'Service', patch: inSpec },
  serviceAnnotations: { kind: 'Service', patch: (value) => ({ metadata: { annotations: value } }) },
};

/** By setting: what it patches. */
export function settingPatches(target: Target, form: Form): Record<string, SettingPatch> {
  const patches = { ...COMPANION_PATCHES };
  const own = form === 'upstream' ? {} : ownPatches(target);
  for (const [field, patch] of Object.entries({ ...workloadPatches(target.container), ...own })) {
    patches[field] = { kind: target.kind, patch };
  }
  // A DaemonSet has no replicas; upstream writes them all the same, and the API server refuses the object.
  if (form === 'sailwright' && target.kind === 'DaemonSet') delete patches['replicaCount'];
  return patches;
}

/** The API allows one of the two; the chart's default gives way to what the user asks for. */
export function withOneLimit(spec: Json | undefined): void {
  if (isJsonObject(spec) && 'minAvailable' in spec && 'maxUnavailable' in spec) delete spec['minAvailable'];
}
