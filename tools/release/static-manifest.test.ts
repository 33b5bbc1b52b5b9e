import { execFileSync, spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { parseAllDocuments } from 'yaml';
import { objectKey, refOf, type KubeObject } from '../../src/core/kube-object.ts';
import { renderStaticManifest } from './static-manifest.ts';

const CONFIG = join(import.meta.dirname, '../../config');
const hasKubectl = spawnSync('kubectl', ['kustomize', '--help']).status === 0;
if (!hasKubectl) console.warn('the file of a release against kustomize: skipped, there is no kubectl');

const read = (text: string): KubeObject[] => parseAllDocuments(text).map((document) => document.toJS() as KubeObject);
const byKey = (objects: KubeObject[]): Map<string, KubeObject> =>
  new Map(objects.map((object) => [objectKey(refOf(object)), object]));

it.skipIf(!hasKubectl)('the file of a release holds what kustomize makes of config/default, with its image', () => {
  const kustomized = execFileSync('kubectl', ['kustomize', join(CONFIG, 'default')], {
    encoding: 'utf8',
    maxBuffer: 1e8,
  });
  const expected = read(kustomized.replaceAll(/image: sailwright:\S+/g, 'image: reg.example/sw:1.2.3'));
  expect(byKey(read(renderStaticManifest('1.2.3', 'reg.example/sw:1.2.3')))).toEqual(byKey(expected));
});

it('begins with what the rest needs', () => {
  const kinds = read(renderStaticManifest('1.2.3', 'x:1')).map(({ kind }) => kind);
  expect([...new Set(kinds)].slice(0, 3)).toEqual(['Namespace', 'CustomResourceDefinition', 'ServiceAccount']);
});
