// Loaded before the operator in demo and tests (node --import): the operator ends when the process that started it
// does, however that one ends, because its standard input closes then.
process.stdin.on('close', () => process.kill(process.pid, 'SIGKILL'));
process.stdin.on('error', () => undefined);
process.stdin.resume();
(process.stdin as { unref?: () => void }).unref?.();
