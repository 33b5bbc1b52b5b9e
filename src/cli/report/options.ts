import { USUAL_NAMESPACE } from '../../api/istio-names.ts';
import { filesOption, textOption } from '../shell/option.ts';
import { CLUSTER_OPTIONS, ISTIO_VERSION } from '../shell/vocabulary.ts';

/** Of `sailwright report`. */
export const REPORT_OPTIONS = {
  output: textOption({
    short: 'o',
    value: 'FILE',
    about: 'file to write: .html is a page, .json the same for programs; "-" writes JSON to standard output',
  }),
  filename: filesOption({
    short: 'f',
    value: 'PATH',
    about: 'file or directory to read in place of the cluster; may be repeated',
  }),
  istioNamespace: textOption({ value: 'NAMESPACE', about: 'where the control plane is', standard: USUAL_NAMESPACE }),
  istioVersion: ISTIO_VERSION,
  ...CLUSTER_OPTIONS,
};
