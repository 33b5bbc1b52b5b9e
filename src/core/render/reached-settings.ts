import type { ComponentName } from '../components.ts';
import { ACCOUNT_FIELD, accountNameOf } from '../powers/pod-powers.ts';
import { findGainedFields } from '../powers/powers.ts';
import { displayName, isJsonObject, refOf, type JsonObject, type KubeObject } from '../kube-object.ts';
import type { InstanceContext } from './composition/chart-contexts.ts';
import type { ChartRenderer } from './chart.ts';

/** Settings of a user's that give an object powers which the chart does not give it. */
export interface ReachedSettings {
  /** Where the settings stand, such as `spec.components.pilot.k8s`. */
  path: string;
  /** The object as the chart names it, e.g. `Deployment istio-system/istiod`. */
  object: string;
  /** What they reach in it (src/core/powers/powers.ts has the list). */
  fields: string[];
  /** The account that pods of a gateway are to run under, where that is among them. */
  account?: GatewayAccount;
}

/** An account that a setting names, of the gateway's namespace. */
export interface GatewayAccount {
  namespace: string;
  name: string;
  /** The gateway's Deployment. */
  gateway: string;
}

const GATEWAYS: ReadonlySet<ComponentName> = new Set(['IngressGateways', 'EgressGateways']);
const OBJECT_NAME = /^[a-z0-9]([-.a-z0-9]{0,251}[a-z0-9])?$/;

/** Values whose content the charts copy into pods as it is. */
const COPIED_VALUES: ReadonlySet<string> = new Set([
  'additionalContainers',
  'initContainers',
  'podAnnotations',
  'seccompProfile',
  'volumes',
]);

/**
 * Finds what a component's `k8s` block and copied values reach. Objects with and without them are compared, whatever
 * the way from the setting to the field: a path is not guessed from.
 */
export function findReachedSettings(
  { charted, patched }: { charted: readonly KubeObject[]; patched: readonly KubeObject[] },
  { instance, context }: InstanceContext,
  renderChart: ChartRenderer,
): ReachedSettings[] {
  const ofGateway = GATEWAYS.has(instance.component);
  const reached = compare(charted, patched, { path: `${instance.path}.k8s`, ofGateway });
  const values = withoutCopied(context.values);
  if (values === context.values) return reached;
  const plain = renderChart({ ...context, values });
  const path = ['spec.values', ...instance.traits.valuesPath].join('.');
  return [...reached, ...compare(plain, charted, { path, ofGateway })];
}

/** Objects keep their places; what a setting adds comes last, and has no powers. */
function compare(
  before: readonly KubeObject[],
  after: readonly KubeObject[],
  { path, ofGateway }: { path: string; ofGateway: boolean },
): ReachedSettings[] {
  return before.flatMap((object, index) => {
    const now = after[index];
    if (!now || now === object) return [];
    const fields = findGainedFields(object, now);
    if (fields.length === 0) return [];
    const account = ofGateway && fields.includes(ACCOUNT_FIELD) ? accountOf(now) : undefined;
    return [{ path, object: displayName(refOf(object)), fields, ...(account ? { account } : {}) }];
  });
}

/** A name that is none is not looked up. */
function accountOf(workload: KubeObject): GatewayAccount | undefined {
  const { kind, metadata } = workload;
  const name = accountNameOf(workload);
  if (kind !== 'Deployment' || typeof name !== 'string' || !OBJECT_NAME.test(name)) return undefined;
  return { namespace: metadata.namespace ?? '', name, gateway: metadata.name };
}

/** A chart's own values stand at the top, those of gateways two levels below. The same tree when there are none. */
function withoutCopied(values: JsonObject, depth = 2): JsonObject {
  const entries = Object.entries(values)
    .filter(([key, value]) => !COPIED_VALUES.has(key) || isEmpty(value))
    .map(
      ([key, value]) =>
        [
          key,
          depth > 0 && isGateways(key, depth) && isJsonObject(value) ? withoutCopied(value, depth - 1) : value,
        ] as const,
    );
  const isSame =
    entries.length === Object.keys(values).length && entries.every(([key, value]) => values[key] === value);
  return isSame ? values : Object.fromEntries(entries);
}

function isGateways(key: string, depth: number): boolean {
  return depth < 2 || key === 'gateways';
}

function isEmpty(value: unknown): boolean {
  return value === undefined || value === null || (typeof value === 'object' && Object.keys(value).length === 0);
}
