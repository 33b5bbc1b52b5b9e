// Loaded before the operator in demo and tests (node --import): the operator ends when the process that started it
// does, however that one ends, because its standard input closes then. In JavaScript, since what reads TypeScript would
// stay in the operator's memory, 15 MB that it does not take by itself.
import process from 'node:process';

process.stdin.on('close', () => process.kill(process.pid, 'SIGKILL'));
process.stdin.on('error', () => undefined);
process.stdin.resume();
process.stdin.unref?.();
