import { describe, expect, it } from 'vitest';

import { describeMaterials, type Materials } from './bill-of-materials.ts';

const component = (ref: string): { 'bom-ref': string; name: string } => ({ 'bom-ref': ref, name: ref.split('@')[0]! });

const NPM = {
  specVersion: '1.5',
  metadata: { tools: [{ name: 'npm' }] },
  components: [component('used@1.0.0'), component('below@2.0.0'), component('for-tests@3.0.0')],
  dependencies: [
    { ref: 'sailwright@1.2.3', dependsOn: ['used@1.0.0', 'for-tests@3.0.0'] },
    { ref: 'used@1.0.0', dependsOn: ['below@2.0.0', 'for-tests@3.0.0'] },
  ],
};

const MATERIALS: Materials = {
  name: 'sailwright',
  version: '1.2.3',
  created: '2026-11-28T10:00:00.000Z',
  bundled: [
    { name: 'used', version: '1.0.0', folder: 'node_modules/used' },
    { name: 'below', version: '2.0.0', folder: 'node_modules/below' },
  ],
  node: { version: '24.0.0', sha256: 'aa' },
  debian: [{ name: 'libstdc++6', version: '1:12+deb1', sha256: 'bb' }],
  architecture: 'amd64',
};

const refsOf = (bill: Record<string, unknown>): string[] =>
  (bill['components'] as { 'bom-ref': string }[]).map((one) => one['bom-ref']);

describe('the bill of materials', () => {
  it('names what is in the image: bundled packages, Node, packages of Debian', () => {
    expect(refsOf(describeMaterials(NPM, MATERIALS))).toEqual([
      'used@1.0.0',
      'below@2.0.0',
      'node@24.0.0',
      'pkg:deb/debian/libstdc%2B%2B6@1%3A12%2Bdeb1?arch=amd64',
    ]);
  });

  it('says what depends on what, without what is not there', () => {
    expect(describeMaterials(NPM, MATERIALS)['dependencies']).toEqual([
      {
        ref: 'sailwright@1.2.3',
        dependsOn: ['used@1.0.0', 'node@24.0.0', 'pkg:deb/debian/libstdc%2B%2B6@1%3A12%2Bdeb1?arch=amd64'],
      },
      { ref: 'used@1.0.0', dependsOn: ['below@2.0.0'] },
      { ref: 'below@2.0.0', dependsOn: [] },
    ]);
  });

  it('is the same for the same image, and another for another', () => {
    const serial = (materials: Materials): unknown => describeMaterials(NPM, materials)['serialNumber'];
    expect(serial(MATERIALS)).toBe(serial(structuredClone(MATERIALS)));
    expect(serial({ ...MATERIALS, node: { version: '24.0.1', sha256: 'cc' } })).not.toBe(serial(MATERIALS));
    expect(serial(MATERIALS)).toMatch(/^urn:uuid:[\da-f]{8}-[\da-f]{4}-8[\da-f]{3}-8[\da-f]{3}-[\da-f]{12}$/);
  });

  it('refuses a package that no lock file names', () => {
    const bundled = [{ name: 'stray', version: '9.0.0', folder: 'node_modules/stray' }];
    expect(() => describeMaterials(NPM, { ...MATERIALS, bundled })).toThrow('stray@9.0.0 is in the bundle');
  });
});
