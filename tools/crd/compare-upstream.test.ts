import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { compareDefinitions } from './compare-upstream.ts';
import { istioDefinitions } from './istio-crd.ts';

const CORPUS = join(import.meta.dirname, '../../../shared/corpus/crds');

it.skipIf(!existsSync(CORPUS))(
  "has all of Istio's kinds with their names, versions, columns, schemas and rules",
  () => {
    const results = compareDefinitions(CORPUS, '1.31');
    expect(results.filter(({ differences }) => differences.length > 0)).toEqual([]);
    expect(results).toHaveLength(15);
  },
);

it('tells of any difference but in what is meant for people', () => {
  const [first] = istioDefinitions();
  const changed = structuredClone(first) as unknown as {
    spec: { scope: string; versions: { schema: { openAPIV3Schema: { description: string; type: string } } }[] };
  };
  changed.spec.scope = 'Cluster';
  const [version] = changed.spec.versions;
  if (version) {
    version.schema.openAPIV3Schema.type = 'array';
    version.schema.openAPIV3Schema.description = 'other words';
  }
  const folder = mkdtempSync(join(tmpdir(), 'sailwright-crds-'));
  try {
    writeFileSync(join(folder, 'one.yaml'), JSON.stringify(changed));
    const [compared, missing] = compareDefinitions(folder, '1.32');
    expect(compared?.differences).toEqual([
      'spec.scope: ours "Namespaced", upstream "Cluster"',
      'spec.versions[0].schema.openAPIV3Schema.type: ours "object", upstream "array"',
    ]);
    expect(missing?.differences).toEqual(['upstream does not have it']);
  } finally {
    rmSync(folder, { recursive: true });
  }
});

it('stays below the 256 KiB that kubectl apply can remember of an object', () => {
  for (const definition of istioDefinitions()) {
    expect(JSON.stringify(definition).length, definition.metadata.name).toBeLessThan(240 * 1024);
  }
});
