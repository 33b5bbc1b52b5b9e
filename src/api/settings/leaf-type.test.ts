import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { z } from 'zod';
import * as fieldTypes from '../field-types.ts';
import { decodeSettings } from './decode-settings.ts';
import { settingsOutlineOf } from './schema-outline.ts';

const { choice, protoEnum } = fieldTypes;
const LEAVES: Readonly<Record<string, z.ZodType>> = {
  text: fieldTypes.text,
  flag: fieldTypes.flag,
  int32: fieldTypes.int32,
  int64: fieldTypes.int64,
  uint32: fieldTypes.uint32,
  protoInt32: fieldTypes.protoInt32,
  protoUint32: fieldTypes.protoUint32,
  protoInt64: fieldTypes.protoInt64,
  protoNumber: fieldTypes.protoNumber,
  intOrString: fieldTypes.intOrString,
  quantity: fieldTypes.quantity,
  imageTag: fieldTypes.imageTag,
  duration: fieldTypes.duration,
  choice: choice('Fast', 'Slow'),
  protoEnum: protoEnum('FAST', 'SLOW'),
};

const number = fc.oneof(
  fc.constantFrom(0, -0, -1, 1.5, 2 ** 31, 2 ** 31 - 1, -(2 ** 31), -(2 ** 31) - 1, 2 ** 32, 2 ** 32 - 1, 2 ** 53, NaN),
  fc.integer(),
  fc.double(),
);
const text = fc.oneof(
  fc.constantFrom('', 'Fast', 'SLOW', '1', '-1', '+1', '01', '1.5', '1e3', '.5', '500m', '2Gi', '10s', '1h30m', '0'),
  fc.constantFrom('10', '1d', ' 1', '1\n', '9999999h', '9999999999h', '-3ms', 'true', 'null', '٣'),
  fc.string({ maxLength: 4 }),
);
const anything = fc.oneof(number, text, fc.boolean(), fc.constantFrom<unknown>([], {}, ['a'], { a: 1 }));

test.each(Object.keys(LEAVES))('%s takes what its schema takes', (name) => {
  const schema = LEAVES[name] as z.ZodType;
  const outline = settingsOutlineOf(schema);
  fc.assert(
    fc.property(anything, (value) => {
      expect(decodeSettings(outline, value, 'a').ok).toBe(schema.safeParse(value).success);
    }),
    { numRuns: 500 },
  );
});

test('a schema that says more than the outlines hold is refused while they are made', () => {
  for (const schema of [fieldTypes.text.min(2), fieldTypes.int32.max(9), fieldTypes.text.regex(/a/i)]) {
    expect(() => settingsOutlineOf(schema)).toThrow('give it a leaf of its own');
  }
});
