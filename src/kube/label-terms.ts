import type { KubeObject } from '../core/kube-object.ts';

/** Names and values of labels that a selector asks for. */
export type LabelTerms = readonly (readonly [name: string, value: string])[];

const TERM = /^([^=!()\s]+)=([^=!()\s]*)$/;

/** The terms of a selector of the form `name=value,name=value`; undefined when it asks for anything else. */
export function parseLabelTerms(selector: string): LabelTerms | undefined {
  if (selector === '') return [];
  const terms = selector.split(',').map((term) => TERM.exec(term));
  const pairs = terms.flatMap((found): [string, string][] => (found ? [[found[1] ?? '', found[2] ?? '']] : []));
  return pairs.length === terms.length ? pairs : undefined;
}

export function hasLabels({ metadata }: KubeObject, terms: LabelTerms): boolean {
  return terms.every(([name, value]) => metadata.labels?.[name] === value);
}
