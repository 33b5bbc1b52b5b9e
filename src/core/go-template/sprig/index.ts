import type { FunctionTable } from '../template-function.ts';
import { ENCODING_FUNCTIONS } from './encoding-functions.ts';
import { LIST_FUNCTIONS } from './list-functions.ts';
import { MAP_FUNCTIONS } from './map-functions.ts';
import { NUMBER_FUNCTIONS } from './number-functions.ts';
import { PATH_FUNCTIONS } from './path-functions.ts';
import { REGEX_FUNCTIONS } from './regex-functions.ts';
import { TEXT_FUNCTIONS } from './text-functions.ts';
import { TYPE_FUNCTIONS } from './type-functions.ts';

export { REFUSED_FUNCTIONS } from './refused-functions.ts';

/** sprig's functions whose results depend on their arguments alone. */
export const SPRIG_FUNCTIONS: FunctionTable = {
  ...TEXT_FUNCTIONS,
  ...NUMBER_FUNCTIONS,
  ...LIST_FUNCTIONS,
  ...MAP_FUNCTIONS,
  ...ENCODING_FUNCTIONS,
  ...PATH_FUNCTIONS,
  ...REGEX_FUNCTIONS,
  ...TYPE_FUNCTIONS,
};
