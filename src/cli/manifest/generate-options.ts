import { filesOption, listOption, switchOption, textOption } from '../shell/option.ts';
import { ISTIO_VERSION } from '../shell/vocabulary.ts';

/** Of `sailwright manifest generate`. */
export const GENERATE_OPTIONS = {
  filename: filesOption({
    short: 'f',
    value: 'FILE',
    about: 'IstioOperator to read, one in each file; later ones go on top; "-" is standard input',
  }),
  set: listOption({
    short: 's',
    value: 'PATH=VALUE',
    about: 'set one field below spec, such as values.global.hub=example.com/istio; may be repeated',
  }),
  profile: textOption({ value: 'NAME', about: 'profile to start from, in place of spec.profile' }),
  istioVersion: ISTIO_VERSION,
  upstream: switchOption({ about: "exactly what Istio's own tool renders" }),
  force: switchOption({ about: 'render although validation found problems' }),
};
