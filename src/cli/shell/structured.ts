import { stringify } from 'yaml';

/** A result for programs, as text. Fields without a value are left out. */
export function toStructured(value: unknown, format: 'json' | 'yaml'): string {
  return format === 'json' ? `${JSON.stringify(value, null, 2)}\n` : stringify(JSON.parse(JSON.stringify(value)));
}
