import { switchOption } from '../shell/option.ts';
import { CLUSTER_OPTIONS, OUTPUT } from '../shell/vocabulary.ts';

/** Of `sailwright version`. */
export const VERSION_OPTIONS = {
  cluster: switchOption({ about: 'also of the operators and control planes of the cluster' }),
  output: OUTPUT,
  ...CLUSTER_OPTIONS,
};
