import { VERSION } from '../../version.ts';
import type { Call } from '../shell/command.ts';
import type { Io } from '../shell/io.ts';
import { toStructured } from '../shell/structured.ts';
import { UsageError } from '../shell/usage-error.ts';
import type { VERSION_OPTIONS } from './options.ts';

/** `sailwright version` with options: the exit code. @throws UsageError, ApiError, KubeConfigError */
export async function runVersion({ flags }: Call<typeof VERSION_OPTIONS>, io: Io): Promise<number> {
  const { cluster, output } = flags;
  if (!cluster && (flags.kubeconfig !== undefined || flags.context !== undefined))
    throw new UsageError('--kubeconfig and --context go with --cluster');
  // What is known without a cluster is told even if none answers.
  if (output === 'text') io.out(`${VERSION}\n`);
  if (cluster) return (await import('./cluster-versions.ts')).tellClusterVersions(flags, io);
  if (output !== 'text') io.out(toStructured({ version: VERSION }, output));
  return 0;
}
