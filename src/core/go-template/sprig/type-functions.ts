import { deepEqual } from '../compare-values.ts';
import { kindName, typeName } from '../go-values.ts';
import { TemplateRefusal } from '../template-error.ts';
import { fixed, type FunctionTable } from '../template-function.ts';

/** sprig's functions on types, and `fail`. */
export const TYPE_FUNCTIONS: FunctionTable = {
  deepEqual: fixed(['any', 'any'], deepEqual),
  fail: fixed(['text'], (message) => {
    throw new TemplateRefusal(message);
  }),
  kindIs: fixed(['text', 'any'], (kind, value) => kindName(value) === kind),
  kindOf: fixed(['any'], kindName),
  typeIs: fixed(['text', 'any'], (type, value) => typeName(value) === type),
  typeIsLike: fixed(['text', 'any'], (type, value) => typeName(value) === type || typeName(value) === `*${type}`),
  typeOf: fixed(['any'], typeName),
};
