import type { FunctionTable } from '../template-function.ts';
export const SPRIG_FUNCTIONS: FunctionTable = {};
export const REFUSED_FUNCTIONS: Readonly<Record<string, string>> = {};
