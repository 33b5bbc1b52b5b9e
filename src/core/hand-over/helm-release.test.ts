import { gunzipSync, gzipSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import type { KubeObject } from '../kube-object.ts';
import { findDeployed, readHelmRelease, type HelmRelease } from './helm-release.ts';

const gunzip = (packed: Uint8Array, limit: number): string =>
  gunzipSync(packed, { maxOutputLength: limit }).toString('utf8');

const RELEASE = {
  name: 'istiod',
  namespace: 'mesh',
  version: 3,
  info: { status: 'deployed' },
  chart: { metadata: { name: 'istiod', version: '1.31.4' } },
  config: { pilot: { env: { A: 'ü' } } },
};

function secretOf(release: unknown, change: object = {}): KubeObject {
  const packed = gzipSync(typeof release === 'string' ? release : JSON.stringify(release)).toString('base64');
  const data = { release: Buffer.from(packed).toString('base64') };
  const metadata = { name: 'sh.helm.release.v1.istiod.v3', namespace: 'mesh' };
  return { apiVersion: 'v1', kind: 'Secret', type: 'helm.sh/release.v1', metadata, data, ...change };
}

it('is read with what the user gave', () => {
  expect(readHelmRelease(secretOf(RELEASE), gunzip)).toEqual({
    name: 'istiod',
    namespace: 'mesh',
    version: 3,
    status: 'deployed',
    chart: { name: 'istiod', version: '1.31.4' },
    values: { pilot: { env: { A: 'ü' } } },
    secret: { apiVersion: 'v1', kind: 'Secret', namespace: 'mesh', name: 'sh.helm.release.v1.istiod.v3' },
  });
});

describe('what a neighbour may have written', () => {
  it.each<[title: string, secret: KubeObject, message: RegExp]>([
    ['another type', secretOf(RELEASE, { type: 'Opaque' }), /no release of Helm/],
    ['no data', secretOf(RELEASE, { data: {} }), /no release of Helm/],
    ['too long', secretOf(RELEASE, { data: { release: 'A'.repeat(1_500_000) } }), /larger than/],
    ['a bomb', secretOf(`"${' '.repeat(17 * 1024 * 1024)}"`), /larger|length|buffer/i],
    ['no gzip', secretOf(RELEASE, { data: { release: btoa(btoa('hello')) } }), /header/],
    ['no base64', secretOf(RELEASE, { data: { release: '!' } }), /./],
    ['a list', secretOf([]), /holds no release/],
    ['no chart', secretOf({ ...RELEASE, chart: null }), /chart are missing/],
    ["another's namespace", secretOf({ ...RELEASE, namespace: 'istio-system' }), /where it does not lie/],
  ])('%s is refused', (_, secret, message) => {
    expect(() => readHelmRelease(secret, gunzip)).toThrow(message);
  });
});

it('counts only while it is in force', () => {
  const release = (name: string, version: number, status: string): HelmRelease => ({
    ...readHelmRelease(secretOf(RELEASE), gunzip),
    name,
    version,
    status,
  });
  const all = [
    release('istiod', 1, 'superseded'),
    release('istiod', 10, 'deployed'),
    release('istiod', 9, 'deployed'),
    release('istiod', 11, 'failed'),
    release('base', 1, 'deployed'),
  ];
  expect(findDeployed(all).map(({ name, version }) => `${name} ${version}`)).toEqual(['base 1', 'istiod 10']);
});
