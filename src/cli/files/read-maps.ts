import { isJsonObject, type JsonObject } from '../../core/kube-object.ts';
import { readText } from './read-text.ts';
import { parseYamlDocuments } from './yaml-documents.ts';

/** The maps that a file holds, one in each document; what cannot be read is told with file and line. @throws InputError */
export function readMaps(file: string, problems: string[]): JsonObject[] {
  return parseYamlDocuments(readText(file)).flatMap(({ read, lineOf }) => {
    if (!read.ok) {
      problems.push(...read.faults.map(({ line, message }) => `${file}:${line}: ${message}`));
      return [];
    }
    const { value } = read;
    if (isJsonObject(value)) return [value];
    if (value !== null && value !== undefined) {
      problems.push(`${file}:${lineOf('')}: must be a map, not a list or a plain value`);
    }
    return [];
  });
}
