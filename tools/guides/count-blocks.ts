import type { Guide } from './read-guide.ts';

/** `N blocks, M run, K not run`, and for each reason how many. */
export function describeBlocks(guides: readonly Guide[]): string {
  const blocks = guides.flatMap(({ steps }) => steps).filter(({ hidden }) => !hidden);
  const reasons = blocks.flatMap(({ action }) => (action.kind === 'none' ? [action.why] : []));
  const counts = new Map<string, number>();
  for (const reason of reasons) counts.set(reason, (counts.get(reason) ?? 0) + 1);
  const why = [...counts].sort(([, a], [, b]) => b - a).map(([reason, count]) => `${count} ${reason}`);
  const told = why.length === 0 ? '' : ` (${why.join('; ')})`;
  return `${guides.length} guides, ${blocks.length} blocks, ${blocks.length - reasons.length} run, ${reasons.length} not run${told}`;
}
