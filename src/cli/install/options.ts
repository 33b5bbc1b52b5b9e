import { filesOption, listOption, switchOption, textOption } from '../shell/option.ts';
import { CLUSTER_OPTIONS, ISTIO_VERSION } from '../shell/vocabulary.ts';

/** Of what brings the operator into a cluster. */
export const OPERATOR_CHANGE_OPTIONS = {
  image: textOption({ value: 'IMAGE', about: "of the operator; unless told the one that runs, or this version's" }),
  yes: switchOption({ short: 'y', about: 'do it without a question' }),
  dryRun: switchOption({ about: 'tell what would change, and write nothing' }),
  force: switchOption({
    about: 'take over fields that others set, and put an older operator in the place of a newer one',
  }),
  timeout: textOption({ value: 'SECONDS', about: 'how long to wait for each part', standard: '300' }),
  ...CLUSTER_OPTIONS,
};

/** Of `sailwright install`. */
export const INSTALL_OPTIONS = {
  filename: filesOption({
    short: 'f',
    value: 'FILE',
    about: 'IstioOperator to install, one in each file; later ones go on top; "-" is standard input',
  }),
  set: listOption({
    short: 's',
    value: 'PATH=VALUE',
    about: 'set one field below spec, such as values.global.hub=example.com/istio; may be repeated',
  }),
  profile: textOption({ value: 'NAME', about: 'profile to start from, in place of spec.profile' }),
  istioVersion: ISTIO_VERSION,
  operatorOnly: switchOption({ about: 'no IstioOperator: it comes from elsewhere, such as Git' }),
  ...OPERATOR_CHANGE_OPTIONS,
};
