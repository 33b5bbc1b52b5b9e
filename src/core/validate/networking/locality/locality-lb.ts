import type { LocalityDistribute, LocalityLoadBalancerSetting } from '../../../../api/networking/load-balancer.ts';
import { fieldPath } from '../../../../api/field-path.ts';
import type { Findings } from '../../findings.ts';
import { checkDetection, checkRegions, TOPOLOGY_LABELS, type LocalityContext } from './failover.ts';
import { findLocalitiesFault } from './localities.ts';

/** Records what is wrong with how requests are shared among regions and zones; the first conflict ends it. */
export function checkLocalityLb(
  setting: LocalityLoadBalancerSetting | undefined,
  context: LocalityContext,
  findings: Findings,
): void {
  if (!setting) return;
  const { path } = context;
  const { distribute = [], failover, failoverPriority = [] } = setting;
  if (distribute.length > 0 && failover) {
    findings.error(path, 'LocalityConflict', 'distribute and failover exclude each other: keep one of them');
    return;
  }
  const topology = failover && failoverPriority.find((label) => TOPOLOGY_LABELS.has(label));
  if (topology !== undefined) {
    const message = `failover already orders regions: remove it, or ${topology} from failoverPriority`;
    findings.error(`${path}.failoverPriority`, 'LocalityConflict', message);
    return;
  }
  for (const [i, each] of distribute.entries()) {
    if (!checkDistribute(each, `${path}.distribute[${i}]`, findings)) return;
  }
  const sources = distribute.map(({ from = '' }) => from);
  findings.check(`${path}.distribute`, findLocalitiesFault(sources));
  checkDetection(setting, context, findings);
  checkRegions(failover, `${path}.failover`, findings);
}

/** False when the shares are wrong, so that nothing else can be said. */
function checkDistribute({ to = {} }: LocalityDistribute, path: string, findings: Findings): boolean {
  let total = 0;
  for (const [locality, weight] of Object.entries(to)) {
    if (weight <= 0 || weight > 100) {
      const message = `${weight} must be a share from 1 to 100`;
      findings.error(fieldPath(`${path}.to`, locality), 'LocalityWeightOutOfRange', message);
      return false;
    }
    total += weight;
  }
  if (total !== 100) {
    findings.error(`${path}.to`, 'LocalityWeightsNotHundred', `adds up to ${total}; the shares must add up to 100`);
    return false;
  }
  // Sorted, so that the answer does not depend on the order of keys, as it does in Istio.
  findings.check(`${path}.to`, findLocalitiesFault(Object.keys(to).sort()));
  return true;
}
