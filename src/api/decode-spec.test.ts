import fc from 'fast-check';
import { expect, it } from 'vitest';
import { decodeSpec } from './decode-spec.ts';
import type { IstioKindName } from './istio-kinds.ts';
import { SPEC_SCHEMAS } from './istio-specs.ts';
import { MESH_SCHEMAS } from './mesh/mesh-schemas.ts';
import { decodeMessage } from './proto/decode-message.ts';
import type { MessageSchema } from './proto/message-schema.ts';
import type { MessageOutline, Outline } from './proto/outline.ts';
import { outlinesOf, packOutlines } from './proto/packed-outlines.ts';
import { outlineOf } from './proto/schema-outline.ts';

const KINDS = Object.keys(SPEC_SCHEMAS) as IstioKindName[];
const odd = fc.constantFrom<unknown>('', 'x', '1', '10s', 'ISTIO_MUTUAL', 0, 1, -1, 1.5, true, null, [], {}, [null], {
  a: null,
});

/** JSON for a type: mostly what it takes, in either spelling, and sometimes anything. */
function jsonFor(outline: Outline, depth: number): fc.Arbitrary<unknown> {
  return fc.oneof({ arbitrary: fitting(outline, depth), weight: 9 }, { arbitrary: odd, weight: 1 });
}

function fitting(outline: Outline, depth: number): fc.Arbitrary<unknown> {
  if (depth === 0) return odd;
  switch (outline.form) {
    case 'scalar':
      return fc.oneof(
        odd,
        fc.constantFrom<unknown>('', ...outline.names.values()),
        fc.constantFrom<unknown>(...outline.names.keys(), 99),
      );
    case 'list':
      return fc.array(jsonFor(outline.element, depth - 1), { maxLength: 3 });
    case 'map':
      return fc.dictionary(fc.constantFrom('a', '80', '007', '-1'), jsonFor(outline.value, depth - 1), { maxKeys: 3 });
    case 'message': {
      const entries = outline.readFields().flatMap(({ name, protoName, read }) => {
        const value = fc.constant(0).chain(() => jsonFor(read(), depth - 1));
        return [fc.tuple(fc.constantFrom(name, protoName, `${name}s`), value)];
      });
      return fc.array(fc.oneof(...entries), { maxLength: 6 }).map((list) => Object.fromEntries(list));
    }
  }
}

it.each(KINDS)('reads a %s as its schema says', (kind) => {
  const schema = SPEC_SCHEMAS[kind];
  fc.assert(
    fc.property(jsonFor(outlineOf(schema), 7), (json) => {
      expect(decodeSpec(kind, json, 'spec')).toEqual(decodeMessage(schema, json, 'spec'));
    }),
    { numRuns: 60 },
  );
});

it.each<[string, Readonly<Record<string, MessageSchema>>]>([
  ["Istio's kinds", SPEC_SCHEMAS],
  ['a mesh', MESH_SCHEMAS],
])('packs every message of the schemas of %s, and reads the same back', (_, schemas) => {
  const names = Object.keys(schemas);
  const read = (name: string): MessageOutline => outlineOf(schemas[name] as MessageSchema) as MessageOutline;
  const packed = packOutlines(Object.fromEntries(names.map((name) => [name, read(name)])));
  const outlineNamed = outlinesOf(JSON.stringify(packed));
  expect(packOutlines(Object.fromEntries(names.map((name) => [name, outlineNamed(name)])))).toEqual(packed);
});
