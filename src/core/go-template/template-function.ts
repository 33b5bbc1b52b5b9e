import type { GoInteger, GoList, GoMap, GoValue } from './go-values.ts';

/** What a parameter takes: `any` turns no value into nil, `raw` hands it on as it is. */
export interface ParameterTypes {
  any: GoValue;
  raw: GoValue;
  text: string;
  int: number;
  float: number;
  bool: boolean;
  integer: GoInteger;
  list: GoList;
  map: GoMap;
  texts: GoMap;
}
export type ParameterType = keyof ParameterTypes;

/** A function that templates can call. */
export interface TemplateFunction {
  parameters: readonly ParameterType[];
  /** The type of further arguments, for functions that take any number. */
  rest?: ParameterType;
  call: (args: readonly GoValue[]) => GoValue;
}

/** Functions by name. */
export type FunctionTable = Readonly<Record<string, TemplateFunction>>;

type Arguments<P extends readonly ParameterType[]> = { [I in keyof P]: ParameterTypes[P[I]] };

/** A function with a fixed number of parameters. */
export function fixed<const P extends readonly ParameterType[]>(
  parameters: P,
  call: (...args: Arguments<P>) => GoValue,
): TemplateFunction {
  return { parameters, call: (args) => call(...(args as unknown as Arguments<P>)) };
}

/** A function whose last argument may be repeated or absent. */
export function variadic<const P extends readonly ParameterType[], const R extends ParameterType>(
  parameters: P,
  rest: R,
  call: (...args: [...Arguments<P>, ...ParameterTypes[R][]]) => GoValue,
): TemplateFunction {
  return { parameters, rest, call: (args) => call(...(args as unknown as [...Arguments<P>, ...ParameterTypes[R][]])) };
}
