import { computed, signal } from '@preact/signals';
import type { MeshReport } from '../core/report/mesh-report.ts';

/** What is shown; undefined until the first answer. */
export const report = signal<MeshReport | undefined>(undefined);
/** Why what is shown may be out of date; empty while all is well. */
export const trouble = signal('');
/** Whether the page asks again: a report in a file stays as it is. */
export const isLive = signal(false);
/** What rows must contain. */
export const filter = signal('');

export const filterWords = computed(() => filter.value.toLowerCase().split(/\s+/).filter(Boolean));

/** Whether a row is wanted: every word of the filter is somewhere in it. */
export function isWanted(text: string): boolean {
  const lower = text.toLowerCase();
  return filterWords.value.every((word) => lower.includes(word));
}
