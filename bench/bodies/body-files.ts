import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { benchReview } from '../inject-review.ts';
import { virtualServiceReview } from '../virtual-service-review.ts';
import { distinctPodReviews } from './distinct-pods.ts';
import { distinctResourceReviews } from './distinct-resources.ts';

/** What lies beside the project on the machines of its founders. */
export const SHARED = join(import.meta.dirname, '../../../shared');
const DISTINCT = 1_000;

/** Paths of files that the meter reads, one body a line. */
export interface BodyFiles {
  samePod: string;
  distinctPods: string;
  sameResource: string;
  distinctResources: string;
}

/** Writes the bodies below `folder`. Those that are sent again and again are the shared ones, where they lie. */
export function writeBodyFiles(folder: string): BodyFiles {
  const write = (name: string, lines: readonly string[]): string => {
    const path = join(folder, `${name}.jsonl`);
    writeFileSync(path, `${lines.join('\n')}\n`);
    return path;
  };
  const texts = (reviews: readonly object[]): string[] => reviews.map((review) => JSON.stringify(review));
  return {
    samePod: write('same-pod', [sharedReview('review.json', benchReview())]),
    distinctPods: write('distinct-pods', texts(distinctPodReviews(DISTINCT))),
    sameResource: write('same-resource', [sharedReview('virtualservice-review.json', virtualServiceReview())]),
    distinctResources: write('distinct-resources', texts(distinctResourceReviews(DISTINCT))),
  };
}

function sharedReview(name: string, own: object): string {
  const path = join(SHARED, 'bench', name);
  return JSON.stringify(existsSync(path) ? (JSON.parse(readFileSync(path, 'utf8')) as object) : own);
}
