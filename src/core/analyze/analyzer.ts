import type { Kind } from './kinds.ts';
import type { Message } from './messages.ts';
import type { World } from './world.ts';

/** One analysis across resources. Pure: equal worlds give equal messages. */
export interface Analyzer {
  /** Upstream's name where upstream has the same analysis; several analyzers may be parts of one of upstream's. */
  name: string;
  /** The kinds it reads: when none of them changed, its messages did not either. */
  inputs: readonly Kind[];
  /**
   * The kinds whose resources it judges at admission, where the world holds no pods, Secrets or certificates. What it
   * says of one resource must be found by looking up others, never by going through all of a kind
   * that is judged.
   */
  atAdmission?: readonly Kind[];
  analyze: (world: World) => Message[];
}
