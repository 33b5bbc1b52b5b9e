import type { ZoneAwareLoadBalancerSetting } from '../../../../api/networking/load-balancer.ts';
import type { Findings } from '../../findings.ts';
import { checkDetection, checkRegions, TOPOLOGY_LABELS, type LocalityContext } from './failover.ts';

/** Records what is wrong with sharing by zones, where Envoy itself orders zones and subzones. */
export function checkZoneAwareLb(
  setting: ZoneAwareLoadBalancerSetting | undefined,
  context: LocalityContext,
  findings: Findings,
): void {
  if (!setting) return;
  setting.failoverPriority?.forEach((label, i) => {
    if (!TOPOLOGY_LABELS.has(label)) return;
    const message = `${label} is ordered by zone awareness already: use failover to order regions`;
    findings.error(`${context.path}.failoverPriority[${i}]`, 'LocalityConflict', message);
  });
  checkDetection(setting, context, findings);
  checkRegions(setting.failover, `${context.path}.failover`, findings);
}
