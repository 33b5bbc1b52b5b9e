import { choiceOption, filesOption, listOption, switchOption, textOption, type Option } from '../shell/option.ts';
import { CLUSTER_OPTIONS, ISTIO_NAMESPACE, ISTIO_VERSION, whereOptions, OUTPUT } from '../shell/vocabulary.ts';

type Level = 'Info' | 'Warning' | 'Error';

function levelOption(about: string, standard: Level): Option<Level> {
  return choiceOption({ value: 'LEVEL', about, choices: ['Info', 'Warning', 'Error'], standard });
}

/** Of `sailwright analyze`. */
export const ANALYZE_OPTIONS = {
  filename: filesOption({ short: 'f', value: 'PATH', about: 'file or directory to read; may be repeated' }),
  withCluster: switchOption({ about: 'with -f: look at the files as if they were applied to the cluster' }),
  meshConfig: textOption({
    value: 'FILE',
    about: "mesh configuration, in place of the cluster's or the default",
  }),
  ...whereOptions('report on this namespace only; with -f also where objects without one belong (default)'),
  istioNamespace: ISTIO_NAMESPACE,
  suppress: listOption({
    value: 'CODE[=NAME]',
    about: 'leave a code out, for all or for "Kind namespace/name"; may be repeated',
  }),
  level: levelOption('least level to print', 'Info'),
  failureThreshold: levelOption('least level that makes the exit code 1', 'Error'),
  list: switchOption({ about: 'print what is looked for' }),
  istioVersion: ISTIO_VERSION,
  output: OUTPUT,
  ...CLUSTER_OPTIONS,
};
