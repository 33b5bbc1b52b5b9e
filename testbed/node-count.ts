import type { ClusterOptions } from './cluster.ts';

type Nodes = NonNullable<ClusterOptions['nodes']>;

/**
 * Reads what `--nodes` is given: a number of simulated nodes, or `real:` and a number of real ones.
 *
 * @throws an error that says how to ask.
 */
export function parseNodes(text: string): Nodes {
  const [, real, digits] = /^(real:)?(\d{1,3})$/.exec(text) ?? [];
  if (digits === undefined || Number(digits) === 0) {
    throw new Error(`--nodes ${text}: give a number of simulated nodes, such as 3, or of real ones, such as real:2`);
  }
  return real === undefined ? Number(digits) : { real: Number(digits) };
}
