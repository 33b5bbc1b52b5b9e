import { switchOption, textOption } from '../shell/option.ts';
import { CLUSTER_OPTIONS, OUTPUT } from '../shell/vocabulary.ts';

/** Of `sailwright tag list`. */
export const TAG_LIST_OPTIONS = { output: OUTPUT, ...CLUSTER_OPTIONS };

/** Of the commands that change tags. */
export const TAG_CHANGE_OPTIONS = {
  dryRun: switchOption({ about: 'tell what would be changed, and change nothing' }),
  force: switchOption({ about: 'also where a tool keeps the IstioOperator as it is in Git, and would put this back' }),
  ...CLUSTER_OPTIONS,
};

/** Of `sailwright tag set`. */
export const TAG_SET_OPTIONS = {
  revision: textOption({ value: 'REVISION', about: 'revision that the tag is to lead to; it must be installed' }),
  ...TAG_CHANGE_OPTIONS,
};
