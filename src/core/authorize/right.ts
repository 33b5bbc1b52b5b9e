import type { Grant } from '../powers/policy-rules.ts';

/** One question to the API server: whether somebody holds this grant, in a namespace or (empty) in the whole cluster. */
export interface Right extends Grant {
  namespace: string;
}

/** Something that a requester must be able to do without the operator. */
export interface Requirement {
  /** What it is asked for, e.g. `Deployment istio-system/istiod`. */
  about: string;
  /** All rights of one of these lists are enough. The last is what a refusal names when none is held. */
  anyOf: readonly (readonly Right[])[];
}

/** Everything that there is to hold: who has it need not be asked anything else. */
export const EVERY_RIGHT: Right = { verb: '*', group: '*', resource: '*', name: '', url: '', namespace: '' };

/** `get, list secrets in namespace n`: rights as `kubectl auth can-i` would be asked, those on one thing together. */
export function formatRights(rights: readonly Right[]): string[] {
  const verbs = new Map<string, string[]>();
  for (const right of rights) {
    const target = formatTarget(right);
    verbs.set(target, [...(verbs.get(target) ?? []), right.verb]);
  }
  return [...verbs].map(([target, some]) => `${some.join(', ')} ${target}`);
}

function formatTarget({ group, resource, name, url, namespace }: Right): string {
  if (url !== '') return url;
  const qualified = group === '' ? resource : `${resource}.${group}`;
  const where = namespace === '' ? 'in the whole cluster' : `in namespace ${namespace}`;
  return `${qualified}${name === '' ? '' : ` "${name}"`} ${where}`;
}
