import type { PatchOperation } from '../../src/core/inject/compute-patch.ts';
import { isJsonObject, type Json, type JsonObject } from '../../src/core/kube-object.ts';

/** A plain RFC 6902 implementation, written apart from the code under test. */
export function applyPatch(document: Json, patch: readonly PatchOperation[]): Json {
  let root = structuredClone(document);
  for (const operation of patch) {
    const tokens = operation.path
      .split('/')
      .slice(1)
      .map((token) => token.replaceAll('~1', '/').replaceAll('~0', '~'));
    if (tokens.length === 0) {
      if (operation.op === 'remove') throw new Error('cannot remove the root');
      root = structuredClone(operation.value);
      continue;
    }
    applyAt(root, tokens, operation);
  }
  return root;
}

function applyAt(root: Json, tokens: readonly string[], operation: PatchOperation): void {
  let parent: Json = root;
  for (const token of tokens.slice(0, -1)) {
    parent = (Array.isArray(parent) ? parent[Number(token)] : (parent as JsonObject)[token]) as Json;
  }
  const last = tokens.at(-1) ?? '';
  if (Array.isArray(parent)) applyToList(parent, Number(last), operation);
  else if (isJsonObject(parent)) applyToObject(parent, last, operation);
  else throw new Error(`nothing above ${operation.path}`);
}

function applyToList(list: Json[], index: number, operation: PatchOperation): void {
  const last = operation.op === 'add' ? list.length : list.length - 1;
  if (index > last) throw new Error(`no element ${operation.path}`);
  if (operation.op === 'remove') list.splice(index, 1);
  else list.splice(index, operation.op === 'add' ? 0 : 1, structuredClone(operation.value));
}

function applyToObject(object: JsonObject, field: string, operation: PatchOperation): void {
  if (operation.op !== 'add' && !Object.hasOwn(object, field)) throw new Error(`no field ${operation.path}`);
  if (operation.op === 'remove') delete object[field];
  else object[field] = structuredClone(operation.value);
}
