import { COLOR } from '../shell/colour.ts';
import { choiceOption } from '../shell/option.ts';
import { ISTIO_VERSION, OUTPUT } from '../shell/vocabulary.ts';

/** Of `sailwright profile list`. */
export const PROFILE_LIST_OPTIONS = { output: OUTPUT, istioVersion: ISTIO_VERSION };

/** Of `sailwright profile dump`. */
export const PROFILE_DUMP_OPTIONS = {
  output: choiceOption({
    short: 'o',
    value: 'FORMAT',
    about: 'how the resource is printed',
    choices: ['yaml', 'json'],
    standard: 'yaml',
  }),
  istioVersion: ISTIO_VERSION,
};

/** Of `sailwright profile diff`. */
export const PROFILE_DIFF_OPTIONS = { istioVersion: ISTIO_VERSION, color: COLOR };
