import { defineCommand, type Operand } from '../shell/command.ts';
import { TAG_CHANGE_OPTIONS, TAG_LIST_OPTIONS, TAG_SET_OPTIONS } from './options.ts';

const TAG: Operand = { name: 'TAG', about: 'name of the tag' };
const CHANGE_CODES = { 0: 'done', 1: 'not done; the message says why', 2: 'wrong command line, or no cluster' };
const WHOSE =
  'It changes spec.values.revisionTags of IstioOperators with your rights, and the operator does the rest. Where Git ' +
  'is the source of them it refuses and says what to write there.';

/** `sailwright tag list` */
export const TAG_LIST = defineCommand({
  words: ['tag', 'list'],
  summary: 'where revision tags lead, and where they led before',
  about: 'Lists the revision tags in the cluster: revision, the one before, IstioOperator, namespaces that name them.',
  forms: ['[options]'],
  operands: [],
  options: TAG_LIST_OPTIONS,
  examples: [['sailwright tag list', 'all of the cluster']],
  exitCodes: { 0: 'done', 2: 'wrong command line, or no cluster' },
  badInput: 2,
  load: async () => (await import('./tag-list.ts')).runTagList,
});

/** `sailwright tag set` */
export const TAG_SET = defineCommand({
  words: ['tag', 'set'],
  summary: 'let a revision tag lead to a revision',
  about: `Makes a tag, or moves it to another revision without a moment without its webhook. ${WHOSE}`,
  forms: ['TAG --revision REVISION [options]'],
  operands: [TAG],
  options: TAG_SET_OPTIONS,
  examples: [
    ['sailwright tag set prod --revision canary', 'new pods of namespaces with istio.io/rev=prod get its sidecars'],
    ['sailwright tag set default --revision canary', 'the same for namespaces with istio-injection=enabled'],
  ],
  exitCodes: CHANGE_CODES,
  badInput: 1,
  load: async () => (await import('./tag-change.ts')).runTagSet,
});

/** `sailwright tag rollback` */
export const TAG_ROLLBACK = defineCommand({
  words: ['tag', 'rollback'],
  summary: 'let a revision tag lead to where it led before',
  about: `Moves a tag back to the revision before, which the operator remembers. ${WHOSE}`,
  forms: ['TAG [options]'],
  operands: [TAG],
  options: TAG_CHANGE_OPTIONS,
  examples: [['sailwright tag rollback prod', 'and once more to undo that']],
  exitCodes: CHANGE_CODES,
  badInput: 1,
  load: async () => (await import('./tag-change.ts')).runTagRollback,
});

/** `sailwright tag remove` */
export const TAG_REMOVE = defineCommand({
  words: ['tag', 'remove'],
  summary: 'take a revision tag away',
  about: `Takes a tag from the IstioOperators that have it; while namespaces use it, the operator keeps it. ${WHOSE}`,
  forms: ['TAG [options]'],
  operands: [TAG],
  options: TAG_CHANGE_OPTIONS,
  examples: [['sailwright tag remove prod', 'when nothing names it any more']],
  exitCodes: CHANGE_CODES,
  badInput: 1,
  load: async () => (await import('./tag-change.ts')).runTagRemove,
});
