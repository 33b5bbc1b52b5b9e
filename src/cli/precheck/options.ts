import { textOption } from '../shell/option.ts';
import { CLUSTER_OPTIONS, whereOptions, OUTPUT } from '../shell/vocabulary.ts';

/** Of `sailwright precheck`. */
export const PRECHECK_OPTIONS = {
  from: textOption({ value: 'VERSION', about: 'minor or release that runs, in place of what the status says' }),
  to: textOption({
    value: 'VERSION',
    about: 'minor or release to go to; the next minor that is no preview unless told',
  }),
  ...whereOptions('of the IstioOperators; all of them unless told'),
  output: OUTPUT,
  ...CLUSTER_OPTIONS,
};
