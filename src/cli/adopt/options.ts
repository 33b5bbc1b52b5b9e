import { filesOption, switchOption, textOption } from '../shell/option.ts';
import { CLUSTER_OPTIONS, namespaceOption, OUTPUT } from '../shell/vocabulary.ts';

/** Of `sailwright adopt`. */
export const ADOPT_OPTIONS = {
  filename: filesOption({
    short: 'f',
    value: 'FILE',
    about: 'IstioOperator that the mesh was made from, in place of one made from what is there',
  }),
  namespace: namespaceOption('where the control plane is, and the IstioOperator will be (istio-system)'),
  name: textOption({ value: 'NAME', about: 'of the IstioOperator (istio, or istio-REVISION)' }),
  revision: textOption({
    value: 'REVISION',
    about: 'which control plane, where there are several; "default" for none',
  }),
  yes: switchOption({ short: 'y', about: 'hand over as planned, and wait until it is done' }),
  undo: switchOption({ about: 'give everything back as it was before' }),
  resource: switchOption({ about: 'print the IstioOperator that would be written, and nothing else' }),
  despiteWriters: switchOption({ about: 'with --yes: although others still write the same objects' }),
  timeout: textOption({ value: 'SECONDS', about: 'how long the hand-over may take', standard: '600' }),
  output: OUTPUT,
  ...CLUSTER_OPTIONS,
};
