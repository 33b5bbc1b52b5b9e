import { goText } from '../../../go-template/print-value.ts';
import { toJson, type GoStruct, type GoValue } from '../../../go-template/go-values.ts';
import type { Json } from '../../../kube-object.ts';

/** What a value offers besides its text. */
export interface PointerMethods {
  [name: string]: () => GoValue;
}

/**
 * A value behind a Go pointer or of a named type: it prints as what it holds, is true when it is set, and cannot be
 * compared with a plain value.
 */
export function pointerView(type: string, value: GoValue, methods: PointerMethods = {}): GoStruct {
  return {
    type,
    isNil: value === undefined,
    field: (name) => (name === 'Value' ? { value } : undefined),
    method: (name) => (Object.hasOwn(methods, name) ? methods[name] : undefined),
    text: () => goText(value),
    json: (): Json => toJson(value),
  };
}
