import type { Analyzer } from '../analyzer.ts';
import { KIND } from '../kinds.ts';
import { message } from '../messages.ts';

const BUNDLE_VERSION = 'gateway.networking.k8s.io/bundle-version';

/** The oldest bundle whose definition istiod 1.31 still reads. */
const MINIMUM = new Map<string, readonly [number, number, number]>([
  ['grpcroutes.gateway.networking.k8s.io', [1, 1, 0]],
  ['backendtlspolicies.gateway.networking.k8s.io', [1, 4, 0]],
  ['tlsroutes.gateway.networking.k8s.io', [1, 5, 0]],
  ['tcproutes.gateway.networking.k8s.io', [1, 6, 0]],
]);

const VERSION = /^v?(\d+)(?:\.(\d+))?(?:\.(\d+))?(?:[-+].*)?$/;

function isOlder(version: string, minimum: readonly [number, number, number]): boolean {
  const match = VERSION.exec(version);
  if (!match) return false;
  const parts = [match[1], match[2], match[3]].map((part) => Number(part ?? 0));
  const at = parts.findIndex((part, i) => part !== minimum[i]);
  return at >= 0 && (parts[at] ?? 0) < (minimum[at] ?? 0);
}

/** Definitions of the Gateway API that are too old for istiod. */
export const gatewayApiVersions: Analyzer = {
  name: 'k8sgateway.CRDVersionAnalyzer',
  inputs: [KIND.customResourceDefinition],
  analyze: (world) =>
    world.list(KIND.customResourceDefinition).flatMap((resource) => {
      const minimum = MINIMUM.get(resource.name);
      const version = resource.annotations[BUNDLE_VERSION];
      if (!minimum || version === undefined || !isOlder(version, minimum)) return [];
      const text = `${resource.name} is of Gateway API ${version}; istiod 1.31 reads ${minimum.join('.')} and newer: upgrade the Gateway API.`;
      return [message('IST0176', resource, text, `metadata.annotations[${BUNDLE_VERSION}]`)];
    }),
};
