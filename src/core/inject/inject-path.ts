const NAMES: Readonly<Record<string, string>> = { cluster: 'ISTIO_META_CLUSTER_ID', net: 'ISTIO_META_NETWORK' };
const PAIR_MARK = ':ENV:';

/**
 * Environment variables of the proxy that the webhook's path carries: `/inject/cluster/C/net/N/other/value`, where
 * `--slash--` stands for a slash in a value; also the older `/inject/:ENV:cluster=C:ENV:net=N`. A key without a value
 * is ignored.
 */
export function envsOfPath(path: string): Record<string, string> {
  const envs: Record<string, string> = {};
  for (const [key, value] of pairsOf(path.replace(/\/$/, ''))) {
    const name = NAMES[key] ?? key.toUpperCase();
    if (name !== '') envs[name] = value;
  }
  return envs;
}

function pairsOf(path: string): [string, string][] {
  const rest = path.split('/').slice(2).join('/');
  if (rest === '') return [];
  if (rest.startsWith(PAIR_MARK)) return markedPairs(rest);
  const parts = rest.split('/');
  const pairs: [string, string][] = [];
  for (let i = 0; i + 1 < parts.length; i += 2) {
    pairs.push([parts[i] ?? '', (parts[i + 1] ?? '').replaceAll('--slash--', '/')]);
  }
  return pairs;
}

function markedPairs(text: string): [string, string][] {
  return text
    .split(PAIR_MARK)
    .slice(1)
    .flatMap((pair): [string, string][] => {
      const equals = pair.indexOf('=');
      return equals > 0 ? [[pair.slice(0, equals), pair.slice(equals + 1)]] : [];
    });
}
