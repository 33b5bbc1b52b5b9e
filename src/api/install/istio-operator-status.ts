import * as z from 'zod';
import { conditionList } from '../status-condition.ts';
import { int64, kubeObject, text } from '../field-types.ts';

/** Upstream's words for the state of a component and of the whole. */
export const COMPONENT_STATES = ['NONE', 'UPDATING', 'RECONCILING', 'HEALTHY', 'ERROR', 'ACTION_REQUIRED'] as const;
export type ComponentState = (typeof COMPONENT_STATES)[number];

const state = z.enum(COMPONENT_STATES);

const componentStatus = z.object({
  status: state.describe('State of the component.'),
  error: text.optional().describe('Why it is not healthy.'),
  version: text.optional().describe('Version that runs.'),
});

const inventoryEntry = z.object({
  apiVersion: text.describe('API version of the object.'),
  kind: text.describe('Kind of the object.'),
  namespace: text.optional().describe('Namespace of the object.'),
  name: text.describe('Name of the object.'),
  component: text.describe('Component that it belongs to.'),
  uid: text.optional().describe('UID of the object when it was applied.'),
});

const proxyCount = z.object({
  revision: text.describe('Revision of the control plane.'),
  version: text.describe("Tag of the proxy's image; `others` for all beyond the twenty most common."),
  pods: int64.describe('How many pods.'),
});

const plan = z.object({
  hash: text.describe('What annotation `sailwright.dev/approve` has to say for the plan to be carried out.'),
  state: z
    .enum(['Pending', 'Applying', 'Applied'])
    .describe('`Pending` waits for approval, `Applying` is being carried out, `Applied` was.'),
  summary: text.describe('How many objects are created, changed, made anew and removed.'),
  configMap: text.describe('ConfigMap beside the resource with the whole plan.'),
  desired: text.describe('Digest of all that was rendered; while it stays, what was approved goes on.'),
});

/** What the operator found and did. */
export const istioOperatorStatus = kubeObject('IstioOperatorStatus', () => ({
  status: state.describe('State of the whole.'),
  message: text.describe('What is wrong, or what is being waited for.'),
  componentStatus: z.record(z.string(), componentStatus).describe('State of each component.'),
  conditions: conditionList.describe(
    '`Ready`, `Reconciling` and `Stalled`, as kubectl wait, Flux and Argo CD read them.',
  ),
  observedGeneration: int64.describe('Generation of the spec that the status speaks of.'),
  appliedGeneration: int64.describe(
    'Generation of the spec that was written as a whole last; an older one than `observedGeneration` while a newer spec is held back, or on its way.',
  ),
  revision: text.describe('Revision that is installed.'),
  version: text.describe('Istio version that is installed.'),
  istioVersion: text.describe('Minor of Istio that is installed; it stays until annotation or tag name another.'),
  previousRelease: text.describe(
    'Release of Istio that ran before the last upgrade to another minor; annotation `sailwright.dev/roll-back` goes back to it.',
  ),
  foreignFields: int64.describe(
    'How many fields of the installed objects others set, which the operator leaves alone; `sailwright manifest diff --show-foreign` names them.',
  ),
  plan: plan.describe('The last plan of a resource with annotation `sailwright.dev/mode: Plan`.'),
  proxies: z
    .array(proxyCount)
    .meta({ k8s: { listType: 'atomic' } })
    .describe('Pods with a proxy of this revision, by version. Numbers are up to ten minutes old, versions one.'),
  inventory: z
    .array(inventoryEntry)
    .meta({ k8s: { listType: 'atomic' } })
    .describe('Objects that the operator applied and will remove.'),
}));
export type PlanStatus = z.infer<typeof plan>;
export type IstioOperatorStatus = z.infer<typeof istioOperatorStatus>;
export type InventoryEntry = z.infer<typeof inventoryEntry>;
