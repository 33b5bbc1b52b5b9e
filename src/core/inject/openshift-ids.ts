/** User and group of the proxy. */
export interface ProxyIds {
  uid: number;
  gid: number;
}

const DEFAULT_ID = 1337;
const UID_RANGE = 'openshift.io/sa.scc.uid-range';
const GROUPS = 'openshift.io/sa.scc.supplemental-groups';
const BLOCK = /^\s*([+]?\d+)([/-])\s*([+]?\d+)/;
const UINT32 = 2 ** 32;

/** The proxy's ids: the last ones that OpenShift reserved for the namespace, else 1337. */
export function proxyIds(namespaceAnnotations: Readonly<Record<string, string>> | undefined): ProxyIds {
  if (!namespaceAnnotations) return { uid: DEFAULT_ID, gid: DEFAULT_ID };
  const range = namespaceAnnotations[UID_RANGE];
  const uid = range === undefined ? undefined : lastOfBlock(range);
  const blocks = (namespaceAnnotations[GROUPS] ?? range ?? '').split(',').map(lastOfBlock);
  const gid = blocks.includes(undefined) ? undefined : blocks[0];
  return { uid: uid ?? DEFAULT_ID, gid: gid ?? DEFAULT_ID };
}

/** The last id of `start/size` or `first-last`. */
function lastOfBlock(block: string): number | undefined {
  const match = BLOCK.exec(block);
  if (!match) return undefined;
  const [first, separator, second] = [Number(match[1]), match[2], Number(match[3])];
  if (first >= UINT32 || second >= UINT32) return undefined;
  if (block.includes('/') !== (separator === '/')) return undefined;
  return separator === '/' ? (first + second - 1 + UINT32) % UINT32 : second;
}
