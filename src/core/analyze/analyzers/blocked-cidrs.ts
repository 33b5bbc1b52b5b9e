import { listSome } from '../../list-some.ts';
import type { Analyzer } from '../analyzer.ts';
import { KIND } from '../kinds.ts';
import type { DeploymentView } from '../kubernetes-views.ts';
import { message } from '../messages.ts';
import { fullName, specAs } from '../resource.ts';

const VARIABLE = 'BLOCKED_CIDRS_IN_JWKS_URIS';

/** An istiod that fetches keys of tokens from anywhere, internal addresses included. */
export const blockedCidrs: Analyzer = {
  name: 'authn.BlockedCIDRsAnalyzer',
  inputs: [KIND.requestAuthentication, KIND.deployment],
  analyze: (world) => {
    const names = world.list(KIND.requestAuthentication).map(fullName);
    if (names.length === 0) return [];
    const text = `istiod fetches keys for ${listSome(names)} from any address: set ${VARIABLE} to the CIDRs that it must not reach.`;
    return world
      .list(KIND.deployment)
      .filter(({ labels }) => labels.app === 'istiod')
      .filter((istiod) => {
        const containers = specAs<DeploymentView>(istiod).template?.spec?.containers ?? [];
        return !containers.some(({ env = [] }) => env.some(({ name, value }) => name === VARIABLE && value));
      })
      .map((istiod) => message('IST0175', istiod, text, 'spec.template.spec.containers'));
  },
};
