import fc from 'fast-check';
import type { z } from 'zod';
import { unwrap } from '../../src/api/unwrap.ts';
import { istioOperatorSpec } from '../../src/api/install/istio-operator.ts';

type Schema = z.core.$ZodType;

/** Text as people write it, rightly or wrongly. */
const text = fc.oneof(
  { weight: 8, arbitrary: fc.constantFrom('a', 'istio-system', 'canary', '1.31.4', 'example.com', '10.0.0.0/8', '1m') },
  { weight: 1, arbitrary: fc.constantFrom('', '5', 'true', 'yes', '1e3', 'a: b', '- x', '{', '\n', 'A_B', ' a ', '~') },
  { weight: 1, arbitrary: fc.string() },
);
const number = fc.oneof(fc.constantFrom(0, 1, 2, 80, 443, 1_000_000), fc.integer(), fc.double({ noNaN: true }));
const choices: Readonly<Record<string, readonly string[]>> = {
  profile: ['default', 'demo', 'minimal', 'empty', 'preview', 'ambient', 'remote', 'stable', 'openshift'],
  platform: ['openshift', 'gke', 'k3s', 'k3d', 'microk8s', 'minikube'],
  compatibilityVersion: ['1.30', '1.29', '1.28'],
};

/** IstioOperator specs: mostly of the right types, a few fields at a time, now and then null or something else. */
export const anySpec = arbitraryOf(istioOperatorSpec) as fc.Arbitrary<fc.JsonValue>;

function arbitraryOf(wrapped: Schema, key = ''): fc.Arbitrary<unknown> {
  const schema = unwrap(wrapped);
  return fc.oneof(
    { weight: 150, arbitrary: rightType(schema, key) },
    { weight: 1, arbitrary: fc.constant(null) },
    { weight: 1, arbitrary: fc.jsonValue({ maxDepth: 2 }) },
  );
}

function rightType(schema: Schema, key: string): fc.Arbitrary<unknown> {
  const def = (schema as z.core.$ZodTypes)._zod.def;
  switch (def.type) {
    case 'object':
      return objectOf((schema as z.core.$ZodObject)._zod.def.shape);
    case 'record':
      return fc.dictionary(text, arbitraryOf(def.valueType), { maxKeys: 2 });
    case 'array':
      return fc.array(arbitraryOf(def.element), { maxLength: 2 });
    case 'union':
      return fc.oneof(...def.options.map((option) => rightType(unwrap(option), key)));
    case 'enum':
      return fc.constantFrom(...Object.values(def.entries));
    case 'boolean':
      return fc.boolean();
    case 'number':
      return number;
    case 'string':
      return choices[key] ? fc.oneof(fc.constantFrom(...choices[key]), text) : text;
    default:
      return fc.jsonValue({ maxDepth: 2 });
  }
}

/** Objects with a few of their fields. Arbitraries of fields are made when they are needed: the schema is deep. */
function objectOf(shape: Readonly<Record<string, Schema>>): fc.Arbitrary<unknown> {
  const keys = Object.keys(shape);
  return fc.subarray(keys, { maxLength: Math.min(4, keys.length) }).chain((chosen) => {
    const fields = chosen.map((key) => [key, arbitraryOf(shape[key] as Schema, key)] as const);
    return fc.record(Object.fromEntries(fields));
  });
}
