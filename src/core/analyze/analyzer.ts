import type { Kind } from './kinds.ts';
import type { Message } from './messages.ts';
import type { World } from './world.ts';

/** One analysis across resources. Pure: equal worlds give equal messages. */
export interface Analyzer {
  /** Upstream's name where upstream has the same analysis. */
  name: string;
  /** The kinds it reads: when none of them changed, its messages did not either. */
  inputs: readonly Kind[];
  analyze: (world: World) => Message[];
}
