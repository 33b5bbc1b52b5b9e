import { switchOption, textOption } from '../shell/option.ts';
import { CLUSTER_OPTIONS, ISTIO_VERSION, namespaceOption } from '../shell/vocabulary.ts';

/** Of `sailwright inject`. */
export const INJECT_OPTIONS = {
  filename: textOption({ short: 'f', value: 'FILE', about: 'documents to inject; "-" is standard input' }),
  config: textOption({
    value: 'FILE',
    about: 'values, mesh configuration and the like, in place of what the default profile installs',
  }),
  istioVersion: ISTIO_VERSION,
  explain: switchOption({ about: 'print why pods get a sidecar or do not, rule by rule, and inject nothing' }),
  namespace: namespaceOption('with --explain: of a pod that runs, or that the file leaves out (default)'),
  ...CLUSTER_OPTIONS,
};
