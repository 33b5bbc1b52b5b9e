import { fromJson } from '../../src/core/go-template/go-values.ts';
import { REFUSED_FUNCTIONS, SPRIG_FUNCTIONS } from '../../src/core/go-template/sprig/index.ts';
import { compileGoTemplate } from '../../src/core/go-template/template.ts';

const DATA = {
  a: 'A',
  n: 5,
  million: 1_000_000,
  zero: 0,
  nothing: null,
  list: ['a', 'b', 'c'],
  map: { k: 'v', b: 2 },
  empty: [],
  nested: { a: { b: [1, 'x'] } },
};

/** What a template prints of a little data, with the functions that users' templates have. */
export function renderTemplate(source: string): string {
  const template = compileGoTemplate(source, { functions: SPRIG_FUNCTIONS, refused: REFUSED_FUNCTIONS });
  return template.render(fromJson(DATA));
}
