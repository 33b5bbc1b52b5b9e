import { SAILWRIGHT } from './cli/commands.ts';
import { processIo } from './cli/shell/io.ts';
import { runCommandLine } from './cli/shell/run-command-line.ts';

// No `await`: this is built as CommonJS too.
void runCommandLine(SAILWRIGHT, process.argv.slice(2), processIo()).then((code) => (process.exitCode = code));
