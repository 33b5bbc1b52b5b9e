import { VERSION } from '../../version.ts';
import { defineCommand } from '../shell/command.ts';

/** `sailwright version` */
export const VERSION_COMMAND = defineCommand({
  words: ['version'],
  summary: 'print the version',
  about: 'Prints the version of this program.',
  forms: [''],
  operands: [],
  options: {},
  examples: [['sailwright version', 'the version alone in a line']],
  exitCodes: { 0: 'done', 2: 'wrong command line' },
  badInput: 2,
  load: () =>
    Promise.resolve((_call, io) => {
      io.out(`${VERSION}\n`);
      return 0;
    }),
});
