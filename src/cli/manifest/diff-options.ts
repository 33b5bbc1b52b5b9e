import { COLOR } from '../shell/colour.ts';
import { filesOption, listOption, switchOption, textOption } from '../shell/option.ts';
import { CLUSTER_OPTIONS, ISTIO_VERSION } from '../shell/vocabulary.ts';

/** Of `sailwright manifest diff`. */
export const DIFF_OPTIONS = {
  filename: filesOption({
    short: 'f',
    value: 'FILE',
    about: 'IstioOperator to compare with the cluster, one in each file; later ones go on top',
  }),
  set: listOption({ short: 's', value: 'PATH=VALUE', about: 'with -f: set one field below spec; may be repeated' }),
  profile: textOption({ value: 'NAME', about: 'with -f: profile to start from, in place of spec.profile' }),
  istioVersion: ISTIO_VERSION,
  upstream: switchOption({ about: "with two files: render as Istio's own tool does" }),
  showForeign: switchOption({
    about: 'with -f: name the fields of our objects that others set; they are left as they are',
  }),
  newObjects: switchOption({ short: 'N', about: 'show the whole text of objects that only one side has' }),
  color: COLOR,
  ...CLUSTER_OPTIONS,
};
