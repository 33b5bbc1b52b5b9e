#!/usr/bin/env node
import { VERSION } from './version.ts';

interface Command {
  /** The words that choose it. */
  words: readonly string[];
  about: string;
  /** Loads and runs it; the result is the exit code. */
  run: (args: string[]) => Promise<number>;
}

// Commands are imported when they run: rendering must not wait for the client of the API server to load.
const COMMANDS: readonly Command[] = [
  {
    words: ['manifest', 'generate'],
    about: 'print the objects that an IstioOperator asks for',
    run: async (args) => (await import('./cli/manifest/generate.ts')).runManifestGenerate(args),
  },
  {
    words: ['manifest', 'diff'],
    about: 'compare two manifests, or an IstioOperator with the cluster',
    run: async (args) => (await import('./cli/manifest/diff.ts')).runManifestDiff(args),
  },
  {
    words: ['inject'],
    about: 'add the sidecar to workloads in a file, or explain why not',
    run: async (args) => (await import('./cli/inject/inject.ts')).runInject(args),
  },
  {
    words: ['validate'],
    about: "judge Istio's resources in files as admission does",
    run: async (args) => (await import('./cli/validate/validate.ts')).runValidate(args),
  },
  {
    words: ['analyze'],
    about: 'look for mistakes across resources, in files or in the cluster',
    run: async (args) => (await import('./cli/analyze/analyze.ts')).runAnalyze(args),
  },
  {
    words: ['run'],
    about: 'run the operator',
    run: async (args) => {
      (await import('./runtime/limit-memory.ts')).limitMemory();
      return (await import('./cli/run/run.ts')).runOperatorCommand(args);
    },
  },
  {
    words: ['version'],
    about: 'print the version',
    run: () => {
      process.stdout.write(`${VERSION}\n`);
      return Promise.resolve(0);
    },
  },
];

function usage(): string {
  const lines = COMMANDS.map(({ words, about }) => `  ${words.join(' ').padEnd(20)}${about}`);
  return `Usage: sailwright COMMAND [options]\n\n${lines.join('\n')}\n\n"sailwright COMMAND --help" tells about one.\n`;
}

async function main(args: string[]): Promise<number> {
  const [first] = args;
  if (first === undefined || first === 'help' || first === '--help' || first === '-h') {
    process.stdout.write(usage());
    return first === undefined ? 2 : 0;
  }
  const command = COMMANDS.find(({ words }) => words.every((word, i) => args[i] === word));
  if (command) return command.run(args.slice(command.words.length));
  const given = args
    .filter((arg) => !arg.startsWith('-'))
    .slice(0, 2)
    .join(' ');
  process.stderr.write(`there is no command "${given || first}"\n\n${usage()}`);
  return 2;
}

// `| head` closes the pipe early: that is no error of ours.
process.stdout.on('error', (error: NodeJS.ErrnoException) => {
  if (error.code !== 'EPIPE') throw error;
  process.exit(0);
});

/** The file, the cluster or the right that is missing, in one line; only faults of ours come with a stack, on demand. */
function tellTrouble(error: unknown): number {
  const { name, message, stack } = error instanceof Error ? error : new Error(String(error));
  const isOurs = !['KubeConfigError', 'ApiError', 'UsageError'].includes(name);
  const advice = isOurs ? ' (a fault of Sailwright: please report it; SAILWRIGHT_STACK=1 shows where)' : '';
  process.stderr.write(`sailwright: ${message.replaceAll('\n', ' ')}${advice}\n`);
  if (process.env['SAILWRIGHT_STACK'] && stack !== undefined) process.stderr.write(`${stack}\n`);
  return 2;
}

process.exitCode = await main(process.argv.slice(2)).catch(tellTrouble);
