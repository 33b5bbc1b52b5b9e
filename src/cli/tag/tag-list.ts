import type { Call } from '../shell/command.ts';
import type { Io } from '../shell/io.ts';
import { toStructured } from '../shell/structured.ts';
import { toTable } from '../shell/table.ts';
import { withCluster } from '../shell/with-cluster.ts';
import type { TAG_LIST_OPTIONS } from './options.ts';
import { listTags, type TagLine } from '../../core/plan/tag-change.ts';
import { fetchTagWorld } from './tag-world.ts';

/** `sailwright tag list`: the exit code. @throws UsageError */
export async function runTagList({ flags }: Call<typeof TAG_LIST_OPTIONS>, io: Io): Promise<number> {
  const tags = listTags(await withCluster(flags, fetchTagWorld));
  if (flags.output !== 'text') io.out(toStructured(tags, flags.output));
  else if (tags.length === 0) io.out('no tags\n');
  else io.out(toTable([['TAG', 'REVISION', 'BEFORE', 'ISTIOOPERATOR', 'NAMESPACES'], ...tags.map(toCells)]));
  return 0;
}

function toCells({ tag, revision = 'not made yet', previous = '', owners, namespaces }: TagLine): string[] {
  return [tag, revision, previous, owners.join(' '), String(namespaces)];
}
