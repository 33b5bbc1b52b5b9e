import type { z } from 'zod';
import type { Result } from '../problem.ts';
import { decodeOutlined, type DecodeOptions } from './decode-outlined.ts';
import type { MessageSchema } from './message-schema.ts';
import { outlineOf } from './schema-outline.ts';

/**
 * Decodes the JSON of a message as Istio's own reader does. Real type errors are problems, and all of them are listed;
 * unknown fields, and those that came later, are warnings. The value is a new plain object with canonical names, and nothing but known fields.
 */
export function decodeMessage<S extends MessageSchema>(
  schema: S,
  json: unknown,
  path: string,
  options: DecodeOptions = {},
): Result<z.infer<S>> {
  return decodeOutlined(outlineOf(schema), json, path, options) as Result<z.infer<S>>;
}
