import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { parse } from 'yaml';
import { findStale, generatedFiles } from '../generate.ts';
import { checkStructural } from './check-structural.ts';
import { istioOperatorSchema } from './istio-operator-crd.ts';
import type { SchemaNode } from './structural-schema.ts';

const ROOT = join(import.meta.dirname, '../..');
const CORPUS = join(ROOT, '../shared/corpus');
const schema = istioOperatorSchema();

test('the generated files are up to date: else run npm run generate', async () => {
  expect(await findStale(ROOT)).toEqual([]);
});

test('the schema is structural', () => {
  expect(checkStructural(schema, 'schema')).toEqual([]);
});

test.each<[string, SchemaNode]>([
  ['no type', {}],
  ['an unknown type', { type: 'text' }],
  ['a typed int-or-string', { type: 'string', 'x-kubernetes-int-or-string': true }],
  ['a list without items', { type: 'array' }],
  ['fields beside additionalProperties', { type: 'object', properties: {}, additionalProperties: { type: 'string' } }],
  ['a required field that is not there', { type: 'object', required: ['a'] }],
  ['a list key that may be absent', { type: 'array', items: { type: 'object' }, 'x-kubernetes-list-map-keys': ['a'] }],
])('%s is not structural', (_title, node) => {
  expect(checkStructural(node, 'x')).toHaveLength(1);
});

test('unknown fields reach the decoder from every object of the spec', () => {
  const pruned: string[] = [];
  const visit = (node: SchemaNode, path: string): void => {
    if (node.properties && !node['x-kubernetes-preserve-unknown-fields']) pruned.push(path);
    for (const [name, field] of Object.entries(node.properties ?? {})) visit(field, `${path}.${name}`);
    if (node.items) visit(node.items, `${path}[]`);
  };
  visit(schema.properties?.['spec'] ?? {}, 'spec');
  expect(pruned).toEqual([]);
});

test('no file comes near the 1.5 MiB that etcd stores', () => {
  for (const content of generatedFiles().values()) expect(content.length).toBeLessThan(512 * 1024);
});

/** What the API server checks of a spec: only the types of known fields. */
function refusals(node: SchemaNode, value: unknown, path: string): string[] {
  if (!hasType(node, value)) return [path];
  if (Array.isArray(value)) return value.flatMap((item, i) => refusals(node.items ?? {}, item, `${path}[${i}]`));
  if (typeof value !== 'object' || value === null) return [];
  return Object.entries(value as Record<string, unknown>).flatMap(([key, item]) => {
    const field = node.properties?.[key] ?? node.additionalProperties;
    return field ? refusals(field, item, `${path}.${key}`) : [];
  });
}

function hasType(node: SchemaNode, value: unknown): boolean {
  if (value === null) return node.nullable === true;
  if (node['x-kubernetes-int-or-string']) return typeof value === 'string' || Number.isInteger(value);
  if (node.type === undefined) return true;
  if (node.type === 'array') return Array.isArray(value);
  if (node.type === 'integer') return Number.isInteger(value);
  return typeof value === node.type && !Array.isArray(value);
}

test.skipIf(!existsSync(CORPUS))('the CRD accepts every input of the corpus', () => {
  const found = ['manifests', 'manifests-noeffect'].flatMap((folder) =>
    readdirSync(join(CORPUS, folder)).flatMap((name) => {
      const file = join(CORPUS, folder, name, 'input.yaml');
      if (!existsSync(file)) return [];
      const doc = parse(readFileSync(file, 'utf8'), { version: '1.1', merge: true }) as { spec?: unknown };
      return refusals(schema.properties?.['spec'] ?? {}, doc.spec ?? {}, `${name}: spec`);
    }),
  );
  expect(found).toEqual([]);
});
