import type { OutlierDetection } from '../../../../api/networking/outlier-detection.ts';
import type { Findings } from '../../findings.ts';
import { findDurationFault } from '../../rules/duration.ts';
import { findPercentFault } from '../../rules/percent.ts';

/** Records what is wrong with when endpoints are taken out of use. */
export function checkOutlierDetection(outlier: OutlierDetection | undefined, path: string, findings: Findings): void {
  if (!outlier) return;
  const { baseEjectionTime, interval, maxEjectionPercent = 0, minHealthPercent = 0 } = outlier;
  if (baseEjectionTime) findings.check(`${path}.baseEjectionTime`, findDurationFault(baseEjectionTime));
  if ((outlier.consecutiveErrors ?? 0) !== 0) {
    const message = 'is deprecated: use consecutiveGatewayErrors or consecutive5xxErrors';
    findings.warn(`${path}.consecutiveErrors`, 'FieldDeprecated', message);
  }
  if (outlier.splitExternalLocalOriginErrors !== true && (outlier.consecutiveLocalOriginFailures ?? 0) > 0) {
    const message = 'has no effect unless splitExternalLocalOriginErrors is true';
    findings.error(`${path}.consecutiveLocalOriginFailures`, 'OutlierConflict', message);
  }
  if (interval) findings.check(`${path}.interval`, findDurationFault(interval));
  findings.check(`${path}.maxEjectionPercent`, findPercentFault(maxEjectionPercent));
  findings.check(`${path}.minHealthPercent`, findPercentFault(minHealthPercent));
}
