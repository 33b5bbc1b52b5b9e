import { RE2JS } from 're2js';

const compiled = new Map<string, RE2JS>();

/** Whether a text holds a match of a definition's pattern. In linear time, as the API server does it. */
export function matchesPattern(text: string, pattern: string): boolean {
  let expression = compiled.get(pattern);
  if (!expression) {
    expression = RE2JS.compile(pattern);
    compiled.set(pattern, expression);
  }
  return expression.matcher(text).find();
}
