import { errorLine } from '../../error-text.ts';
import { isJsonObject, type Json, type JsonObject } from '../../kube-object.ts';
import { compareBytes } from '../go-json.ts';
import { InjectionError } from '../template-context.ts';
import type { ProxyAnnotation, ProxyInput } from './template-input.ts';
import { userPart } from '../user-part.ts';
import { quotedText } from './template-text.ts';

/** Keys and values of an annotation that holds a JSON object or array. @throws InjectionError when it holds neither. */
export function jsonAnnotationEntries(annotation: string, text: string): [string, Json][] {
  const value = parseJson(annotation, text);
  if (value === null) return [];
  if (Array.isArray(value)) return value.map((item, index) => [String(index), item]);
  if (!isJsonObject(value)) throw wrong(annotation, text);
  const keys = Object.keys(value).sort(compareBytes);
  return keys.map((key) => [key, value[key] ?? null]);
}

/** Named objects (volumes, mounts) from an annotation with a JSON object by name. @throws InjectionError */
export function namedObjects(
  { annotations }: ProxyInput,
  annotation: ProxyAnnotation,
  struct: 'Volume' | 'VolumeMount',
): JsonObject[] {
  const text = annotations[annotation];
  if (text === undefined) return [];
  return jsonAnnotationEntries(annotation, text).map(([name, fields]) => {
    if (!isJsonObject(fields) || Object.keys(fields).length === 0) throw wrong(annotation, text);
    const source = `annotation ${annotation}`;
    return { name: quotedText(name, source), ...userPart(fields, struct, `${source}: ${name}`) };
  });
}

function parseJson(annotation: string, text: string): Json {
  try {
    return JSON.parse(text) as Json;
  } catch (error) {
    throw wrong(annotation, text, errorLine(error));
  }
}

function wrong(annotation: string, text: string, cause?: string): InjectionError {
  const shown = text.length > 80 ? `${text.slice(0, 80)}…` : text;
  return new InjectionError(
    `annotation ${annotation}: must be a JSON object of named objects, got ${shown}${cause === undefined ? '' : ` (${cause})`}`,
  );
}
