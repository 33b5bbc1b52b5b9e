import { ANALYSIS_MANAGER } from '../../api/our-names.ts';
import { ANALYSIS_REPORT } from '../../api/analysis/analysis-report.ts';
import { isSameReport, REPORT_NAME } from '../../core/analyze/report/compute-reports.ts';
import { objectKey, refOf, type KubeObject } from '../../core/kube-object.ts';
import { isForbidden, isKindNotServed, isNotFound } from '../../kube/errors.ts';
import type { KubeApi } from '../../kube/kube-api.ts';
import { mapConcurrently } from '../../runtime/map-concurrently.ts';

const CONCURRENCY = 4;

/**
 * Makes the stored reports those that are given: writes what differs and removes what is over. False where the cluster
 * has no such kind. Rejects when the API server cannot be reached.
 */
export async function writeReports(
  api: Pick<KubeApi, 'list' | 'apply' | 'delete'>,
  reports: readonly KubeObject[],
): Promise<boolean> {
  const { apiVersion, kind } = ANALYSIS_REPORT;
  let stored: KubeObject[];
  try {
    const { items } = await api.list({ apiVersion, kind }, { fieldSelector: `metadata.name=${REPORT_NAME}` });
    stored = items.map((item) => ({ ...item, apiVersion, kind }));
  } catch (error) {
    if (isKindNotServed(error)) return false;
    throw error;
  }
  const byKey = new Map(stored.map((report) => [objectKey(refOf(report)), report]));
  const isCurrent = (report: KubeObject): boolean => {
    const before = byKey.get(objectKey(refOf(report)));
    return before !== undefined && isSameReport(report, before);
  };
  const changed = reports.filter((report) => !isCurrent(report));
  await mapConcurrently(changed, CONCURRENCY, (report) => write(api, report));
  const wanted = new Set(reports.map((report) => objectKey(refOf(report))));
  const over = stored.filter((report) => report.metadata.name === REPORT_NAME && !wanted.has(objectKey(refOf(report))));
  await mapConcurrently(over, CONCURRENCY, (report) => api.delete(refOf(report)));
  return true;
}

async function write(api: Pick<KubeApi, 'apply'>, report: KubeObject): Promise<void> {
  try {
    await api.apply(report, { fieldManager: ANALYSIS_MANAGER, force: true });
  } catch (error) {
    // A namespace that is going takes nothing new; the next look finds it gone.
    if (!isForbidden(error) && !isNotFound(error)) throw error;
  }
}
