import { textOption } from '../shell/option.ts';
import { CLUSTER_OPTIONS, ISTIO_NAMESPACE } from '../shell/vocabulary.ts';

/** Of `sailwright bug-report`. */
export const BUG_REPORT_OPTIONS = {
  output: textOption({ short: 'o', value: 'FILE', about: 'archive to write', standard: 'sailwright-bug-report.tgz' }),
  istioNamespace: ISTIO_NAMESPACE,
  ...CLUSTER_OPTIONS,
};
