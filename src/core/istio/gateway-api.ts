import type { IstioVersion } from './istio-version.ts';

/** On definitions of the Gateway API: the release that they are of. */
export const BUNDLE_VERSION = 'gateway.networking.k8s.io/bundle-version';

const VERSION = /^v?(\d+)(?:\.(\d+))?(?:\.(\d+))?(?:[-+].*)?$/;

/** The least version of a definition of the Gateway API that istiod reads, where this one is below it. */
export function findUnmetMinimum(version: IstioVersion, definition: string, bundle: string): string | undefined {
  const { gatewayApi } = version;
  const minimum = Object.hasOwn(gatewayApi, definition) ? gatewayApi[definition] : undefined;
  return minimum && isOlder(bundle, minimum) ? minimum.join('.') : undefined;
}

function isOlder(version: string, minimum: readonly [number, number, number]): boolean {
  const match = VERSION.exec(version);
  if (!match) return false;
  const parts = [match[1], match[2], match[3]].map((part) => Number(part ?? 0));
  const at = parts.findIndex((part, i) => part !== minimum[i]);
  return at >= 0 && (parts[at] ?? 0) < (minimum[at] ?? 0);
}
