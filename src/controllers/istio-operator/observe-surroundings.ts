import { DEFAULT_REVISION } from '../../core/inject/revision-path.ts';
import type { StatusInput } from '../../core/status/compute-status.ts';
import type { Scope } from './dependencies.ts';

/** What goes on around a resource, whether or not anything is applied of it. `revision`: empty for the default. */
export function observeSurroundings(
  { deps, owner, status }: Scope,
  revision = status.revision ?? '',
): Pick<StatusInput, 'injection' | 'proxies'> {
  const { auditor, staleness } = deps;
  const missed = auditor?.missedOf(owner);
  const unserved = auditor?.listUnserved();
  const stale = staleness?.list();
  const proxies = auditor?.proxiesOf(revision || DEFAULT_REVISION);
  return {
    injection: {
      ...(missed ? { missed } : {}),
      ...(unserved ? { unserved } : {}),
      ...(stale ? { stale } : {}),
    },
    ...(proxies ? { proxies } : {}),
  };
}
