import { homedir } from 'node:os';
import { join } from 'node:path';

/** The folder outside the checkout for what is built once and for the logs of past runs. */
export function cacheDir(env: NodeJS.ProcessEnv = process.env): string {
  if (env['SAILWRIGHT_CACHE']) return env['SAILWRIGHT_CACHE'];
  const base = env['XDG_CACHE_HOME'] || join(homedir(), '.cache');
  return join(base, 'sailwright');
}
