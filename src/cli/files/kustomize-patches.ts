import { dirname, join } from 'node:path';
import { isJsonObject, type JsonObject } from '../../core/kube-object.ts';
import { InputError } from '../shell/input-error.ts';
import { readMaps } from './read-maps.ts';

const NAMES = /(^|\/)kustomization\.ya?ml$/;

/** Whether a file is where kustomize begins to read a directory. */
export function isKustomization(file: string): boolean {
  return NAMES.test(file);
}

/** The files that a kustomization uses as patches: parts of objects, which are no objects by themselves. */
export function patchFilesOf(file: string): string[] {
  const [kustomization = {}] = mapsOf(file);
  const { patches, patchesStrategicMerge, patchesJson6902 } = kustomization;
  const entries = [patches, patchesStrategicMerge, patchesJson6902].flatMap((list) =>
    Array.isArray(list) ? list : [],
  );
  return entries.flatMap((entry) => {
    const path = isJsonObject(entry) ? entry.path : entry;
    return typeof path === 'string' && !path.includes('\n') ? [join(dirname(file), path)] : [];
  });
}

/** A kustomization that cannot be read names no patches; it is told of where it is read as a file like others. */
function mapsOf(file: string): JsonObject[] {
  try {
    return readMaps(file, []);
  } catch (error) {
    if (error instanceof InputError) return [];
    throw error;
  }
}

/** Whether a document is a JSON patch, which kustomize and kubectl take. */
export function isJsonPatch(value: unknown): boolean {
  return (
    Array.isArray(value) &&
    value.length > 0 &&
    value.every((step) => isJsonObject(step) && 'op' in step && 'path' in step)
  );
}
