import { shorten } from '../../api/field-path.ts';
import { RECREATE_ANNOTATION } from '../../api/our-names.ts';
import { displayName, type KubeObject, type ObjectRef } from '../kube-object.ts';
import { listSome } from '../list-some.ts';
import { annotationName, namesIn } from './annotation-name.ts';
import { NEVER_PRUNED } from './plan-prune.ts';

/** What is wrong with one field. */
export interface FieldFault {
  /** `spec.selector`; empty when it is about no field. */
  field: string;
  message: string;
}

/** An object of a change that the API server refused when it was tried. */
export interface RefusedChange {
  ref: ObjectRef;
  /** It is there, and something of it cannot be changed in place. */
  isImmutable: boolean;
  /** In a sentence: the field and the cause. */
  cause: string;
}

/** How Kubernetes says that a field keeps its first value: of selectors and templates, Services, bindings. */
const IMMUTABLE = /\bimmutable\b|\bmay not (change|be changed)\b|\bcannot change\b|\bupdates to .* are forbidden\b/i;
const MAX_CAUSE = 300;

/** Says what was refused; `message` is the API server's, for what names no field. */
export function toRefusedChange(
  ref: ObjectRef,
  { exists, faults, message }: { exists: boolean; faults: readonly FieldFault[]; message: string },
): RefusedChange {
  const isImmutable = exists && faults.length > 0 && faults.every((fault) => IMMUTABLE.test(fault.message));
  const causes = faults.map(({ field, message: text }) => {
    // The value that stands before it is the whole selector or template.
    const short = isImmutable ? text.slice(text.lastIndexOf(': ') + 1).trim() : text;
    return field === '' ? short : `${field}: ${short}`;
  });
  return { ref, isImmutable, cause: shorten(causes.length > 0 ? causes.join(', ') : message, MAX_CAUSE) };
}

/** What keeps a change of the resource from being written, and the ways out, for its status. */
export function describeRefusedChanges(
  refused: readonly RefusedChange[],
  { metadata }: Pick<KubeObject, 'metadata'>,
): string {
  const texts = refused.map(({ ref, cause }) => `${displayName(ref)}: ${cause}`);
  const ways = [
    describeRecreation(refused, metadata.annotations?.[RECREATE_ANNOTATION]),
    refused.some(({ isImmutable }) => !isImmutable) ? 'change the resource, or what refuses it' : '',
  ].filter((way) => way !== '');
  return `nothing of the change was written, because the API server would refuse ${listSome(texts)}; ${ways.join('; ')}`;
}

function describeRecreation(refused: readonly RefusedChange[], given: string | undefined): string {
  const immutable = refused.filter(({ isImmutable }) => isImmutable).map(({ ref }) => ref);
  if (immutable.length === 0) return '';
  const renewable = immutable.filter(isRecreatable).map(annotationName);
  const other = given === undefined ? '' : ` (it is ${JSON.stringify(shorten(given, MAX_CAUSE))})`;
  const names = [...namesIn(given), ...renewable].join(',');
  const annotation = `, or set annotation ${RECREATE_ANNOTATION}: ${JSON.stringify(names)}${other} to have it made anew`;
  return `what cannot be changed in place needs another name${renewable.length > 0 ? annotation : ''}`;
}

/** Kinds that hold other people's work go for no change. */
export function isRecreatable({ kind }: ObjectRef): boolean {
  return !NEVER_PRUNED.has(kind);
}
