import type { Analyzer } from '../analyzer.ts';
import { KIND } from '../kinds.ts';
import { message } from '../messages.ts';
import { releaseIn } from '../world.ts';

const BUNDLE_VERSION = 'gateway.networking.k8s.io/bundle-version';

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
  analyze: (world) => {
    const { minor, gatewayApi } = releaseIn(world).version;
    return world.list(KIND.customResourceDefinition).flatMap((resource) => {
      const minimum = Object.hasOwn(gatewayApi, resource.name) ? gatewayApi[resource.name] : undefined;
      const version = resource.annotations[BUNDLE_VERSION];
      if (!minimum || version === undefined || !isOlder(version, minimum)) return [];
      const text = `${resource.name} is of Gateway API ${version}; istiod ${minor} reads ${minimum.join('.')} and newer: upgrade the Gateway API.`;
      return [message('IST0176', resource, text, `metadata.annotations[${BUNDLE_VERSION}]`)];
    });
  },
};
