import { USUAL_NAMESPACE } from '../../api/istio-names.ts';
import { filesOption, textOption } from '../shell/option.ts';
import { CLUSTER_OPTIONS, namespaceOption, OUTPUT } from '../shell/vocabulary.ts';

/** Of `sailwright describe`. */
export const DESCRIBE_OPTIONS = {
  filename: filesOption({
    short: 'f',
    value: 'PATH',
    about: 'file or directory to read in place of the cluster; may be repeated',
  }),
  namespace: namespaceOption(
    'of the pod or service, where NAME does not name it (default); with -f also of objects without one',
  ),
  istioNamespace: textOption({ value: 'NAMESPACE', about: 'where the control plane is', standard: USUAL_NAMESPACE }),
  output: OUTPUT,
  ...CLUSTER_OPTIONS,
};
