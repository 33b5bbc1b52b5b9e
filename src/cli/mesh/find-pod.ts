import { nearest } from '../../api/near-miss.ts';
import { listSome } from '../../core/list-some.ts';
import { InputError } from '../shell/input-error.ts';

/** What has a name in a namespace. */
interface Named {
  name: string;
  namespace: string;
}

/** Name and namespace in `POD.NAMESPACE`; without a dot, or with `-n`, the namespace is the option's. */
export function parsePodName(text: string, namespace: string | undefined): Named {
  if (namespace !== undefined) return { name: withoutEnd(text, `.${namespace}`), namespace };
  const dot = text.lastIndexOf('.');
  return dot < 0 ? { name: text, namespace: 'default' } : { name: text.slice(0, dot), namespace: text.slice(dot + 1) };
}

function withoutEnd(text: string, end: string): string {
  return text.endsWith(end) ? text.slice(0, -end.length) : text;
}

/** What is called so. @throws InputError that names what may be meant */
export function findNamed<T extends Named>(all: readonly T[], what: string, { name, namespace }: Named): T {
  const inNamespace = all.filter((each) => each.namespace === namespace);
  const found = inNamespace.find((each) => each.name === name);
  if (found) return found;
  throw new InputError(`there is no ${what} ${name} in namespace ${namespace}${hintFor(all, inNamespace, name)}`);
}

function hintFor(all: readonly Named[], inNamespace: readonly Named[], name: string): string {
  // Of a Deployment's pods people know how the name begins.
  const begun = inNamespace.map((each) => each.name).filter((each) => each.startsWith(`${name}-`));
  if (begun.length > 0) return `; there are ${listSome(begun.sort())}`;
  const meant = nearest(
    name,
    inNamespace.map((each) => each.name),
  );
  if (meant !== undefined) return `: did you mean ${meant}?`;
  const elsewhere = all.filter((each) => each.name === name).map((each) => each.namespace);
  if (elsewhere.length > 0) return `, but in ${listSome(elsewhere.sort())}`;
  return inNamespace.length === 0 ? '; nothing of the kind is there' : '';
}
