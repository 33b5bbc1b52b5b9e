// config/argocd and config/flux: what they name is there, and each comes after what it needs.
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { parseAllDocuments } from 'yaml';

const CONFIG = join(import.meta.dirname, '../../config');
const read = (file: string): Sample[] =>
  parseAllDocuments(readFileSync(join(CONFIG, file), 'utf8')).map((document) => document.toJS() as Sample);

interface Sample {
  kind: string;
  metadata: { name: string; annotations?: Record<string, string> };
  spec: {
    path?: string;
    wait?: boolean;
    prune?: boolean;
    dependsOn?: { name: string }[];
    sourceRef?: { name: string };
    source?: { path: string };
    syncPolicy?: { automated: { prune: boolean }; syncOptions: string[] };
  };
}

describe('the Kustomizations for Flux', () => {
  const kustomizations = read('flux/kustomizations.yaml');
  const sources = read('flux/sources.yaml').map(({ metadata }) => metadata.name);

  it('come after one another, each waiting until what others need is there', () => {
    const order = kustomizations.map(({ metadata }) => metadata.name);
    expect(order).toEqual(['sailwright', 'mesh', 'apps']);
    kustomizations.forEach(({ spec }, index) => {
      expect(spec.dependsOn?.map(({ name }) => name) ?? []).toEqual(order.slice(0, index).slice(-1));
      if (index < order.length - 1) expect(spec.wait).toBe(true);
    });
  });

  it('name sources and folders that are there', () => {
    for (const { spec } of kustomizations) expect(sources).toContain(spec.sourceRef?.name);
    expect(existsSync(join(CONFIG, '..', kustomizations[0]?.spec.path ?? ''))).toBe(true);
  });
});

it('no sample removes a mesh because a file went away', () => {
  const mesh = [...read('flux/kustomizations.yaml'), ...read('argocd/applications.yaml')].filter(
    ({ metadata }) => metadata.name === 'mesh',
  );
  expect(mesh.map(({ spec }) => spec.prune ?? spec.syncPolicy?.automated.prune)).toEqual([false, false]);
});

it('the Applications for Argo CD are waves, the operator first, applied by the server', () => {
  const [operator, mesh] = read('argocd/applications.yaml');
  const waves = [operator, mesh].map((sample) => sample?.metadata.annotations?.['argocd.argoproj.io/sync-wave']);
  expect(waves).toEqual(['0', '1']);
  expect(existsSync(join(CONFIG, '..', operator?.spec.source?.path ?? ''))).toBe(true);
  expect(operator?.spec.syncPolicy?.syncOptions).toContain('ServerSideApply=true');
});
