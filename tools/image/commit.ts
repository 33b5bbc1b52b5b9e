import { runCommand } from './run-command.ts';

/** The commit that an image is made from. */
export interface Commit {
  /** RFC 3339; of the commit, so that building again gives the same. */
  readonly created: string;
  /** Undefined outside of a repository, and when the tree has other changes. */
  readonly revision: string | undefined;
}

/** The commit of the tree at `root`; a tree without a repository is as old as SOURCE_DATE_EPOCH or the epoch. */
export async function readCommit(root: string, env: NodeJS.ProcessEnv = process.env): Promise<Commit> {
  const git = (...args: string[]): Promise<string> => runCommand('git', args, { cwd: root });
  try {
    const [seconds = '', hash = ''] = (await git('log', '-1', '--format=%ct %H')).trim().split(' ');
    const isClean = (await git('status', '--porcelain')).trim() === '';
    return { created: timestamp(env['SOURCE_DATE_EPOCH'] ?? seconds), revision: isClean ? hash : undefined };
  } catch {
    return { created: timestamp(env['SOURCE_DATE_EPOCH'] ?? '0'), revision: undefined };
  }
}

function timestamp(seconds: string): string {
  if (!/^\d+$/.test(seconds)) throw new Error(`SOURCE_DATE_EPOCH is "${seconds}": set it to seconds since the epoch`);
  return new Date(Number(seconds) * 1000).toISOString();
}
