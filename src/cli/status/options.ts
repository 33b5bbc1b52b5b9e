import { switchOption, textOption } from '../shell/option.ts';
import { CLUSTER_OPTIONS, OUTPUT, ISTIO_NAMESPACE } from '../shell/vocabulary.ts';

/** Of `sailwright status`. */
export const STATUS_OPTIONS = {
  watch: switchOption({ short: 'w', about: 'look again and again until Ctrl-C' }),
  interval: textOption({ value: 'SECONDS', about: 'with --watch: between two looks', standard: '5' }),
  istioNamespace: ISTIO_NAMESPACE,
  output: OUTPUT,
  ...CLUSTER_OPTIONS,
};
