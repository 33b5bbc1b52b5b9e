import { switchOption, textOption } from '../shell/option.ts';
import { CLUSTER_OPTIONS, OUTPUT, ISTIO_NAMESPACE, whereOptions } from '../shell/vocabulary.ts';

/** Of `sailwright proxies`. */
export const PROXIES_OPTIONS = {
  ...whereOptions('of the pods; all of them unless told'),
  revision: textOption({ value: 'REVISION', about: 'proxies of this control plane only' }),
  stale: switchOption({ about: 'leave out what is current or installed' }),
  pods: switchOption({ about: 'one line for each pod, in place of one for those of a workload that are alike' }),
  istioNamespace: ISTIO_NAMESPACE,
  output: OUTPUT,
  ...CLUSTER_OPTIONS,
};
