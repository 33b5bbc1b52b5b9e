import { SAILWRIGHT } from './cli/commands.ts';
import { processIo } from './cli/shell/io.ts';
import { runCommandLine } from './cli/shell/run-command-line.ts';

// `| head` closes the pipe early: that is no error of ours.
process.stdout.on('error', (error: NodeJS.ErrnoException) => {
  if (error.code !== 'EPIPE') throw error;
  process.exit(0);
});

// No `await`: this is built as CommonJS too.
void runCommandLine(SAILWRIGHT, process.argv.slice(2), processIo()).then((code) => (process.exitCode = code));
