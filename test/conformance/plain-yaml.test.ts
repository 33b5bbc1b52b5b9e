import { existsSync, globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { parseAllDocuments } from 'yaml';
import { readPlainYaml } from '../../src/core/values/plain-yaml.ts';
import { readDocumentValue } from '../../src/core/values/yaml-document.ts';
import { KUBERNETES_YAML } from '../../src/core/values/yaml-input.ts';

const SHARED = join(import.meta.dirname, '../../../shared');
const present = existsSync(join(SHARED, 'corpus'));
if (!present) console.warn('conformance of reading YAML: skipped, ../shared/corpus is absent');

test.skipIf(!present)(
  'both readers read the same in every file, and most files are plain',
  () => {
    const files = globSync('corpus*/**/*.{yaml,yml}', { cwd: SHARED });
    let plain = 0;
    for (const file of files) {
      const text = readFileSync(join(SHARED, file), 'utf8');
      const read = readPlainYaml(text);
      if (!read) continue;
      plain += 1;
      const documents = [...parseAllDocuments(text, KUBERNETES_YAML)].map(readDocumentValue);
      expect({ file, documents }).toEqual({ file, documents: read.map(({ value }) => ({ ok: true, value })) });
    }
    expect(files.length).toBeGreaterThan(2_000);
    expect(plain / files.length).toBeGreaterThan(0.9);
  },
  240_000,
);
