import type { ObjectDiff } from '../../core/diff/object-diff.ts';

/** What a comparison gave. With problems, the differences are those that were found all the same. */
export interface Comparison {
  differences: ObjectDiff[];
  /** Objects without a difference. */
  same: number;
  /** What others set in our objects, one line for each field; absent when not asked for. */
  foreign?: string[];
  warnings: string[];
  problems: string[];
}
