import { objectKey, refOf, type KubeObject, type ObjectRef } from '../kube-object.ts';
import { canonicalJson } from '../canonical-json.ts';

/** How one object differs between two sides. */
export type ObjectDiff =
  | { change: 'create'; ref: ObjectRef; after: KubeObject }
  | { change: 'change'; ref: ObjectRef; before: KubeObject; after: KubeObject }
  /** Deleted and made again. */
  | { change: 'recreate'; ref: ObjectRef; before: KubeObject; after: KubeObject }
  | { change: 'prune'; ref: ObjectRef; before: KubeObject };

/** Pairs the objects of two manifests by group, kind, namespace and name. Order and versions of the list play no part. */
export function diffObjects(
  before: readonly KubeObject[],
  after: readonly KubeObject[],
): { differences: ObjectDiff[]; same: number } {
  const [old, wanted] = [byKey(before), byKey(after)];
  const differences: ObjectDiff[] = [];
  let same = 0;
  for (const [key, object] of wanted) {
    const former = old.get(key);
    if (!former) differences.push({ change: 'create', ref: refOf(object), after: object });
    else if (canonicalJson(former) === canonicalJson(object)) same += 1;
    else differences.push({ change: 'change', ref: refOf(object), before: former, after: object });
  }
  for (const [key, object] of old) {
    if (!wanted.has(key)) differences.push({ change: 'prune', ref: refOf(object), before: object });
  }
  return { differences, same };
}

/** By key; of several objects with one key, each has an entry of its own. */
function byKey(objects: readonly KubeObject[]): Map<string, KubeObject> {
  const result = new Map<string, KubeObject>();
  for (const object of objects) {
    const base = objectKey(refOf(object));
    let key = base;
    for (let copy = 2; result.has(key); copy += 1) key = `${base}#${copy}`;
    result.set(key, object);
  }
  return result;
}
