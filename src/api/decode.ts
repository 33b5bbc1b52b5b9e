import type { z } from 'zod';
import type { LaterFields } from './later-fields.ts';
import type { Result } from './problem.ts';
import { decodeSettings } from './settings/decode-settings.ts';
import { settingsOutlineOf } from './settings/schema-outline.ts';

/**
 * Checks a value against a schema and lists everything that is wrong, each with its field path. The value is returned
 * as it came: nothing is converted, and null (which Go reads as absent) stays.
 */
export function decode<S extends z.ZodType>(
  schema: S,
  value: unknown,
  path: string,
  later?: LaterFields,
): Result<z.infer<S>> {
  return decodeSettings(settingsOutlineOf(schema), value, path, later) as Result<z.infer<S>>;
}
