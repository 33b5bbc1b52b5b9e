import { switchOption, textOption } from '../shell/option.ts';
import { CLUSTER_OPTIONS, RESOURCE_OPTIONS, resourceFilesOption } from '../shell/vocabulary.ts';

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
  filename: resourceFilesOption('install'),
  ...RESOURCE_OPTIONS,
  operatorOnly: switchOption({ about: 'no IstioOperator: it comes from elsewhere, such as Git' }),
  ...OPERATOR_CHANGE_OPTIONS,
};
