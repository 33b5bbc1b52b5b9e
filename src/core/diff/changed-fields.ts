import { canonicalJson } from '../canonical-json.ts';
import { isJsonObject, type KubeObject } from '../kube-object.ts';

/** Maps of metadata, which are told as a whole. */
const AS_A_WHOLE: ReadonlySet<string> = new Set(['metadata.labels', 'metadata.annotations']);

/** Fields in which two states of an object differ, such as `spec.template.spec.containers[discovery].env`. */
export function listChangedFields(before: KubeObject, after: KubeObject): string[] {
  return compare(before, after, '');
}

function compare(before: unknown, after: unknown, path: string): string[] {
  if (canonicalJson(before) === canonicalJson(after)) return [];
  if (AS_A_WHOLE.has(path) || !isJsonObject(before) || !isJsonObject(after)) return listOr(before, after, path);
  const keys = [...new Set([...Object.keys(before), ...Object.keys(after)])].sort();
  return keys.flatMap((key) => compare(before[key], after[key], path === '' ? key : `${path}.${key}`));
}

/** Lists of named items are looked into where both have the same names. */
function listOr(before: unknown, after: unknown, path: string): string[] {
  const [old, now] = [namesOf(before), namesOf(after)];
  if (!old || !now || old.join() !== now.join()) return [path];
  const [a, b] = [before as unknown[], after as unknown[]];
  return old.flatMap((name, index) => compare(a[index], b[index], `${path}[${name}]`));
}

function namesOf(value: unknown): string[] | undefined {
  if (!Array.isArray(value)) return undefined;
  const names = value.map((item: unknown) => (isJsonObject(item) ? item['name'] : undefined));
  return names.every((name) => typeof name === 'string') ? names : undefined;
}
