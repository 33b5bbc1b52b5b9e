import { jsonText } from '../json-text.ts';
import type { PatchOperation } from './compute-patch.ts';

/** The JSON text of a patch. */
export function patchText(patch: readonly PatchOperation[]): string {
  return `[${patch.map(operationText).join(',')}]`;
}

/** The JSON text of one operation. */
export function operationText(operation: PatchOperation): string {
  const content = operation.op === 'remove' ? '' : `,"value":${jsonText(operation.value)}`;
  return `{"op":"${operation.op}","path":${JSON.stringify(operation.path)}${content}}`;
}
