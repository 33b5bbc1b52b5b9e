import { existsSync } from 'node:fs';

/** A corpus of Istio's answers: its folder and the release that gave them. */
export interface Corpus {
  folder: string;
  release: string;
  /** Its inputs, where another corpus holds them. */
  inputs?: string;
}

/** The corpora that may lie beside the checkout; those of other minors are answers to the inputs of the first. */
export const CORPORA = {
  first: { folder: '../shared/corpus', release: '1.31.0' },
  older: { folder: '../shared/corpus-1.30', release: '1.30.4', inputs: '../shared/corpus' },
} as const satisfies Record<string, Corpus>;

/** The corpus that a folder is a part of; by default the first. */
export function corpusOf(folder: string): Corpus {
  return folder.includes('corpus-1.30') ? CORPORA.older : CORPORA.first;
}

/** The corpora that are there. */
export function presentCorpora(): Corpus[] {
  return Object.values(CORPORA).filter(({ folder }) => existsSync(folder));
}

/** The cases of a corpus that is there. @throws Error for none: an empty folder proves nothing */
export function someOf<T>(cases: readonly T[], folder: string): readonly T[] {
  if (cases.length === 0) throw new Error(`${folder} holds no cases`);
  return cases;
}
