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
}

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
  const reached = compare(charted, patched, `${instance.path}.k8s`);
  const values = withoutCopied(context.values);
  if (values === context.values) return reached;
  const plain = renderChart({ ...context, values });
  return [...reached, ...compare(plain, charted, ['spec.values', ...instance.traits.valuesPath].join('.'))];
}

/** Objects keep their places; what a setting adds comes last, and has no powers. */
function compare(before: readonly KubeObject[], after: readonly KubeObject[], path: string): ReachedSettings[] {
  return before.flatMap((object, index) => {
    const now = after[index];
    if (!now || now === object) return [];
    const fields = findGainedFields(object, now);
    return fields.length > 0 ? [{ path, object: displayName(refOf(object)), fields }] : [];
  });
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
