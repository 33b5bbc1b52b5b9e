import type { JsonObject } from '../../core/kube-object.ts';
import { readMaps } from '../files/read-maps.ts';
import { InputError } from '../shell/input-error.ts';
import { pickIstioOperator, type FileNotes } from './pick-istio-operator.ts';

/** The documents of a file; what there is to say of the file is added to the notes. */
export function readManifest(file: string, notes: FileNotes): JsonObject[] {
  try {
    return readMaps(file, notes.problems);
  } catch (error) {
    if (!(error instanceof InputError)) throw error;
    notes.problems.push(error.message);
    return [];
  }
}

/** The IstioOperator in a file, and none when it cannot be read; what there is to say is added to the notes. */
export function readOperator(file: string, notes: FileNotes): JsonObject[] {
  const before = notes.problems.length;
  const documents = readManifest(file, notes);
  return notes.problems.length > before ? [] : pickIstioOperator(file, documents, notes);
}
