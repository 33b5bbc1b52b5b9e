import { rmSync } from 'node:fs';

/** Has a path deleted should the process exit before the returned function was called. */
export function deleteAtExit(path: string): () => void {
  const remove = (): void => {
    try {
      rmSync(path, { recursive: true, force: true, maxRetries: 3 });
    } catch {
      // A process that outlives us still writes there.
    }
  };
  process.once('exit', remove);
  return () => void process.removeListener('exit', remove);
}
