import { USUAL_NAMESPACE } from '../../api/istio-names.ts';
import { textOption } from '../shell/option.ts';
import { CLUSTER_OPTIONS } from '../shell/vocabulary.ts';

/** Of `sailwright dashboard`. */
export const DASHBOARD_OPTIONS = {
  port: textOption({
    value: 'PORT',
    about: 'port of this machine to listen at; 0 takes any that is free',
    standard: '7700',
  }),
  istioNamespace: textOption({ value: 'NAMESPACE', about: 'where the control plane is', standard: USUAL_NAMESPACE }),
  ...CLUSTER_OPTIONS,
};
