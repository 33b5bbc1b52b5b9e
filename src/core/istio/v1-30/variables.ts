import { FLAGS } from '../v1-31/flags.ts';
import { VARIABLES as NEXT } from '../v1-31/variables.ts';

/** Environment variables that istiod or a proxy of 1.30 reads: those of 1.31, but for what that changed. */
export const VARIABLES: readonly string[] = [
  ...NEXT.filter((name) => !Object.hasOwn(FLAGS.added, name)),
  ...Object.keys(FLAGS.removed['1.31'] ?? {}),
];
