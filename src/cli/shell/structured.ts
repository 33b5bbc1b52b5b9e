import { stringify } from 'yaml';

/** A result for programs, as text. Fields without a value are left out. */
export function toStructured(value: unknown, format: 'json' | 'yaml'): string {
  return format === 'json' ? `${JSON.stringify(value, null, 2)}\n` : stringify(JSON.parse(JSON.stringify(value)));
}

/** Results for programs that read one after the other: a line of JSON, or a document of YAML, for each. */
export function toStructuredStream(values: readonly unknown[], format: 'json' | 'yaml'): string {
  const each = (value: unknown): string =>
    format === 'json' ? `${JSON.stringify(value)}\n` : `---\n${toStructured(value, format)}`;
  return values.map(each).join('');
}
