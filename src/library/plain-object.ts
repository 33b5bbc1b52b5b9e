import { isJsonObject, type JsonObject } from '../core/kube-object.ts';
import { InputError, UNREADABLE } from './problem.ts';

/**
 * The object as the API server would get it, shared with nobody: what typed clients hold is no plain JSON (dates, fields
 * that are undefined). @throws InputError
 */
export function plainObject(value: unknown, path: string): JsonObject {
  const plain = throughJson(value, path);
  if (isJsonObject(plain)) return plain;
  const found = Array.isArray(value) ? 'a list' : JSON.stringify(plain);
  throw new InputError([
    { path, code: UNREADABLE, message: `must be an object of Kubernetes, got ${found ?? typeof value}` },
  ]);
}

function throughJson(value: unknown, path: string): unknown {
  try {
    const text = JSON.stringify(value) as string | undefined;
    return text === undefined ? undefined : JSON.parse(text);
  } catch (error) {
    // Circles, numbers without end of other types, and depths beyond the stack.
    const [reason] = String((error as Error).message).split('\n');
    throw new InputError([{ path, code: UNREADABLE, message: `cannot be written as JSON: ${reason}` }]);
  }
}
