import { defineCommand, type Operand } from '../shell/command.ts';
import { PROFILE_DIFF_OPTIONS, PROFILE_DUMP_OPTIONS, PROFILE_LIST_OPTIONS } from './options.ts';

const profile = (name: string): Operand => ({ name, about: 'name of a profile, as sailwright profile list has it' });
const ENVIRONMENT = {
  SAILWRIGHT_DEFAULT_HUB: 'image hub in place of the built-in one',
  SAILWRIGHT_DEFAULT_TAG: 'image tag in place of the built-in one',
};

/** `sailwright profile list` */
export const PROFILE_LIST = defineCommand({
  words: ['profile', 'list'],
  summary: 'the profiles, and what each installs',
  about: 'Lists the profiles that spec.profile takes, with the components that each switches on.',
  forms: ['[options]'],
  operands: [],
  options: PROFILE_LIST_OPTIONS,
  examples: [['sailwright profile list', 'those of the newest minor that is no preview']],
  exitCodes: { 0: 'done', 2: 'wrong command line' },
  badInput: 2,
  load: async () => (await import('./profile.ts')).runProfileList,
});

/** `sailwright profile dump` */
export const PROFILE_DUMP = defineCommand({
  words: ['profile', 'dump'],
  summary: 'print the IstioOperator that a profile stands for',
  about:
    'Prints an IstioOperator that says all that the profile (default unless named) puts below the spec: it renders the ' +
    'same as one that only names the profile.',
  forms: ['[PROFILE] [options]'],
  operands: [profile('PROFILE')],
  options: PROFILE_DUMP_OPTIONS,
  examples: [
    ['sailwright profile dump demo', 'what demo sets'],
    ['sailwright profile dump ambient > mesh.yaml', 'a resource to start from'],
  ],
  exitCodes: { 0: 'done', 2: 'wrong command line, or an unknown profile' },
  badInput: 2,
  environment: ENVIRONMENT,
  load: async () => (await import('./profile.ts')).runProfileDump,
});

/** `sailwright profile diff` */
export const PROFILE_DIFF = defineCommand({
  words: ['profile', 'diff'],
  summary: 'what two profiles set differently',
  about: 'Compares what two profiles put below the spec. For the objects that come of it: sailwright manifest diff.',
  forms: ['A B [options]'],
  operands: [profile('A'), profile('B')],
  options: PROFILE_DIFF_OPTIONS,
  examples: [['sailwright profile diff default demo', 'what demo adds']],
  exitCodes: { 0: 'no difference', 1: 'differences', 2: 'wrong command line, or an unknown profile' },
  badInput: 2,
  environment: { ...ENVIRONMENT, NO_COLOR: 'no colours unless --color always' },
  load: async () => (await import('./profile.ts')).runProfileDiff,
});
