// What the tests of the operator as it ships run: dist/, once for all their files, which must not change it under each other.
import { buildOperator } from '../testbed/operator-process.ts';

export const setup = buildOperator;
