import { DEFINITION_CODES } from './definition.ts';
import { INSTALL_CODES } from './install.ts';
import { POLICY_CODES } from './policy.ts';
import { READING_CODES } from './reading.ts';
import { TRAFFIC_CODES } from './traffic.ts';

/** Every code of a problem, with its meaning, by what is judged. A code keeps its meaning for ever; its texts may change. */
export const PROBLEM_CODES = {
  reading: READING_CODES,
  install: INSTALL_CODES,
  definition: DEFINITION_CODES,
  traffic: TRAFFIC_CODES,
  policy: POLICY_CODES,
} as const;

type Groups = typeof PROBLEM_CODES;

/** What kind of thing is wrong. */
export type ProblemCode = { [G in keyof Groups]: keyof Groups[G] }[keyof Groups];
