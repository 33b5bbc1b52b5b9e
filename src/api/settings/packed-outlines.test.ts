import { expect, test } from 'vitest';
import { kubeObject, text } from '../field-types.ts';
import { ISTIO_OPERATOR_SCHEMAS } from '../install/istio-operator.ts';
import { meshConfig } from '../mesh/mesh-config.ts';
import { outlineOf } from '../proto/schema-outline.ts';
import type { MessageOutline } from '../proto/outline.ts';
import { decodeSettings } from './decode-settings.ts';
import type { SettingsOutline } from './outline.ts';
import { packSettings, unpackSettings } from './packed-outlines.ts';
import { settingsOutlineOf } from './schema-outline.ts';

const MESH = outlineOf(meshConfig) as MessageOutline;

function pack(roots: Record<string, SettingsOutline>): ReturnType<typeof packSettings> {
  return packSettings(roots, ({ name }) => name);
}

test('packs all of an IstioOperator, and reads the same back', () => {
  const names = Object.keys(ISTIO_OPERATOR_SCHEMAS) as (keyof typeof ISTIO_OPERATOR_SCHEMAS)[];
  const packed = pack(Object.fromEntries(names.map((name) => [name, settingsOutlineOf(ISTIO_OPERATOR_SCHEMAS[name])])));
  const outlineNamed = unpackSettings(packed, () => MESH);
  expect(pack(Object.fromEntries(names.map((name) => [name, outlineNamed(name)])))).toEqual(packed);
  expect(packed.objects.length).toBeGreaterThan(100);
});

test('packs an object that contains itself', () => {
  const tree: ReturnType<typeof kubeObject> = kubeObject('Tree', () => ({ name: text, next: tree }));
  const outline = unpackSettings(pack({ tree: settingsOutlineOf(tree) }), () => MESH)('tree');
  const problems = (value: unknown): unknown => {
    const result = decodeSettings(outline, value, 'tree');
    return result.ok ? [] : result.problems.map(({ path }) => path);
  };
  expect(problems({ next: { next: { name: 'a' } } })).toEqual([]);
  expect(problems({ next: { next: { name: 1, nmae: 'a' } } })).toEqual(['tree.next.next.name', 'tree.next.next.nmae']);
});
