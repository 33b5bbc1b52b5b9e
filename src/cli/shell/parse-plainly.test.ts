import fc from 'fast-check';
import { expect, it } from 'vitest';
import { SAILWRIGHT } from '../commands.ts';
import type { Command, Parsed } from './command.ts';
import { flagOf } from './option.ts';
import { parsePlainly } from './parse-plainly.ts';
import { parseWithLibrary } from './parse-with-library.ts';
import { UsageError } from './usage-error.ts';

type Outcome = Parsed | { refused: string } | undefined;

function outcomeOf(parse: () => Parsed | undefined): Outcome {
  try {
    return parse();
  } catch (error) {
    if (error instanceof UsageError) return { refused: error.message };
    throw error;
  }
}

/** Words as people write them for a command, and as they should not. */
function argumentsOf({ options, operands }: Command): fc.Arbitrary<string[]> {
  const value = fc.constantFrom('a.yaml', '-', '--', '', 'json', 'text', '-x', '--output', '3', '-3', 'a=b', '-a', ' ');
  const choices = operands.flatMap((operand) => operand.choices ?? []);
  const named: [string, { short?: string }][] = [...Object.entries(options), ['help', {}]];
  const option = fc.constantFrom(...named).chain(([name, { short }]) => {
    const letter = short === undefined ? flagOf(name) : `-${short}`;
    return fc.oneof(
      fc.constant([flagOf(name)]),
      value.map((text) => [flagOf(name), text]),
      value.map((text) => [letter, text]),
      value.map((text) => [`${flagOf(name)}=${text}`]),
      value.map((text) => [`${letter}${text}`]),
    );
  });
  const word = fc.constantFrom('a', '-', '--', '', '-z', '--zz', '-h', '--zz=1', ...choices).map((text) => [text]);
  return fc.array(fc.oneof({ weight: 3, arbitrary: option }, word), { maxLength: 5 }).map((parts) => parts.flat());
}

it.each(SAILWRIGHT.commands.map((command) => [command.words.join(' '), command] as const))(
  'what is read plainly of %s is what the library reads',
  (_words, command) => {
    let plain = 0;
    fc.assert(
      fc.property(argumentsOf(command), (args) => {
        const read = outcomeOf(() => parsePlainly(command, args));
        if (read === undefined) return;
        plain += 1;
        const words = [...command.words, ...args];
        expect(read).toEqual(outcomeOf(() => parseWithLibrary({ whole: SAILWRIGHT, command, words }, 80)));
      }),
      { numRuns: 1000 },
    );
    expect(plain).toBeGreaterThan(30);
  },
);

it.each<[line: string[]]>([
  [['validate', '-f', 'a.yaml', '-ojson', '--namespace=shop', 'b.yaml']],
  [['manifest', 'generate', '-f', '-', '--set', 'a=b', '--set', 'c=d', '--upstream']],
  [['completion', 'zsh']],
  [['__complete', '--', 'validate', '-f', '']],
  [['version']],
])('%j is read without the library', (line) => {
  const command = SAILWRIGHT.commands.find(({ words }) => words.every((word, i) => line[i] === word));
  expect(command && parsePlainly(command, line.slice(command.words.length))).toBeDefined();
});
