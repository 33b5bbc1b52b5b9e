import { OPERATOR_CHANGE_OPTIONS } from '../install/options.ts';
import { namespaceOption } from '../shell/vocabulary.ts';
import { textOption } from '../shell/option.ts';

/** Of `sailwright upgrade`. */
export const UPGRADE_OPTIONS = {
  istioVersion: textOption({
    value: 'VERSION',
    about: 'minor or release of Istio to go to; without it, the operator alone is upgraded',
  }),
  namespace: namespaceOption('of the IstioOperators; all of them unless told'),
  ...OPERATOR_CHANGE_OPTIONS,
};
