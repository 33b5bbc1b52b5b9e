import type { ChartContext } from './chart.ts';
import { bare, printed, sortedEntries } from '../values/value-tree.ts';
import type { Json, JsonObject } from '../kube-object.ts';

/** What `quote` prints: always text, but nothing at all for null. */
export function quoted(value: Json | undefined): string | null {
  return value === undefined || value === null ? null : printed(value);
}

/**
 * A map key that upstream prints without quotes. In upstream's form `N` is a YAML 1.1 boolean and so becomes the key
 * `false`; ours keeps the text.
 */
export function bareKey(context: ChartContext, key: string): string {
  if (context.form !== 'upstream') return key;
  const typed = bare(key);
  return typeof typed === 'object' ? key : String(typed);
}

/** A map with every value printed as text: what labels, annotations and ConfigMap data need. */
export function printedValues(context: ChartContext, map: JsonObject): Record<string, string> {
  return Object.fromEntries(sortedEntries(map).map(([key, value]) => [bareKey(context, key), printed(value)]));
}

/**
 * Labels or annotations as the user gave them. Upstream prints `a: true` as it is, which the API server refuses: a label
 * is text. Ours makes text of it.
 */
export function userTexts(context: ChartContext, map: JsonObject): Record<string, string> {
  return context.form === 'upstream' ? (map as Record<string, string>) : printedValues(context, map);
}
