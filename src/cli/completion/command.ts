import { defineCommand, type Command } from '../shell/command.ts';

/** `sailwright completion` */
export const COMPLETION = defineCommand({
  words: ['completion'],
  summary: 'print a script that completes command lines in your shell',
  about: 'Prints a script for a shell, which then completes commands, options and their values.',
  forms: ['bash|zsh|fish'],
  operands: [{ name: 'SHELL', about: 'the shell', choices: ['bash', 'zsh', 'fish'] }],
  options: {},
  examples: [
    ['source <(sailwright completion bash)', 'in ~/.bashrc'],
    ['source <(sailwright completion zsh)', 'in ~/.zshrc, after compinit'],
    ['sailwright completion fish > ~/.config/fish/completions/sailwright.fish', 'for fish'],
  ],
  exitCodes: { 0: 'done', 2: 'wrong command line' },
  badInput: 2,
  load: async () => (await import('./completion.ts')).runCompletion,
});

/** What the scripts ask: the words after the program's name, of which the last is being written. */
export function completeCommand(commands: readonly Command[]): Command {
  return defineCommand({
    words: ['__complete'],
    summary: 'answer the script of a shell',
    about: 'Prints what the last word can become, one a line; nothing for what is a file.',
    forms: ['-- WORD...'],
    operands: [{ name: 'WORD', about: 'a word of the command line', many: true }],
    options: {},
    examples: [],
    exitCodes: { 0: 'done' },
    badInput: 2,
    isHidden: true,
    load: async () => {
      const { findCandidates } = await import('./candidates.ts');
      return ({ operands }, io) => {
        io.out(
          findCandidates(commands, operands)
            .map((candidate) => `${candidate}\n`)
            .join(''),
        );
        return 0;
      };
    },
  });
}
