import { switchOption, textOption } from '../shell/option.ts';
import { CLUSTER_OPTIONS, OUTPUT, namespaceOption, whereOptions } from '../shell/vocabulary.ts';

/** Of the commands that tell how far changes by steps are. */
export const STAGED_STATUS_OPTIONS = {
  watch: switchOption({ short: 'w', about: 'look again and again, until all that is shown has ended' }),
  interval: textOption({ value: 'SECONDS', about: 'with --watch: between two looks', standard: '2' }),
  ...whereOptions('to look in; all unless told'),
  output: OUTPUT,
  ...CLUSTER_OPTIONS,
};

/** Of the commands that say something to one of them. */
export const STAGED_WORD_OPTIONS = {
  namespace: namespaceOption('of the resource; may be left out where there is one of that name only'),
  ...CLUSTER_OPTIONS,
};
