import { describe, expect, test } from 'vitest';
import { envsOfPath } from './inject-path.ts';
import { compileNodes, detectNativeSidecar } from './native-sidecar.ts';
import { proxyIds } from './openshift-ids.ts';
import { imageSettings, proxyImage, proxyInitImage } from './proxy-image.ts';

describe('native sidecars', () => {
  const nodes = (...versions: string[]): ReturnType<typeof compileNodes> =>
    compileNodes(versions.map((kubeletVersion, i) => ({ name: `n${i}`, kubeletVersion })));
  test.each<[string, string, string[], string, boolean]>([
    ['switched on', 'true', ['v1.20.0'], '', true],
    ['switched off', 'false', ['v1.34.0'], '', false],
    ['another word is off', 'yes', ['v1.34.0'], '', false],
    ['all nodes new enough', 'auto', ['v1.33.0', 'v1.34.1-gke.100', 'v1.33.2-eks-abc+x'], '', true],
    ['one node too old', 'auto', ['v1.33.0', 'v1.32.9'], '', false],
    ['the node of the pod decides', 'auto', ['v1.33.0', 'v1.32.9'], 'n0', true],
    ['an unknown node: all decide', 'auto', ['v1.33.0', 'v1.32.9'], 'n9', false],
    ['a version that cannot be read', 'auto', ['newest'], '', false],
    ['no nodes at all', 'auto', [], '', true],
    ['a version that is none: nothing after the plus', 'auto', ['v1.33.0+'], '', false],
    ['a version that is none: a letter for a number', 'auto', ['v1.33.x'], '', false],
    ['a version that is none: an underscore', 'auto', ['v1.33.0_a'], '', false],
    ['a version that is none: a dot at the end', 'auto', ['v1.33.0.'], '', false],
  ])('%s', (_title, setting, versions, node, native) => {
    expect(detectNativeSidecar(setting, nodes(...versions), node)).toBe(native);
  });
  test('without knowledge of the nodes auto means no', () => {
    expect(detectNativeSidecar('auto', undefined, '')).toBe(false);
  });
});

describe('user and group on OpenShift', () => {
  const UIDS = 'openshift.io/sa.scc.uid-range';
  const GROUPS = 'openshift.io/sa.scc.supplemental-groups';
  test.each<[string, Record<string, string> | undefined, number, number]>([
    ['no namespace', undefined, 1337, 1337],
    ['no annotations', {}, 1337, 1337],
    ['start and size', { [UIDS]: '1000620000/10000' }, 1000629999, 1000629999],
    ['first and last', { [UIDS]: '1000-2000', [GROUPS]: '3000/10' }, 2000, 3009],
    ['the first block of groups', { [UIDS]: '1000-2000', [GROUPS]: '1/2,5-9' }, 2000, 2],
    ['a broken range', { [UIDS]: 'many', [GROUPS]: '3000/10' }, 1337, 3009],
    ['a broken block of groups', { [UIDS]: '1000-2000', [GROUPS]: '1/2,x' }, 2000, 1337],
  ])('%s', (_title, annotations, uid, gid) => {
    expect(proxyIds(annotations)).toEqual({ uid, gid });
  });
});

describe('images', () => {
  const global = { hub: 'h', tag: '1.31-debug', variant: 'distroless' };
  test.each<[string, object, string, Record<string, string>, string]>([
    ['the variant replaces a known suffix of the tag', global, '', {}, 'h/proxyv2:1.31-distroless'],
    ['the ProxyConfig wins over the variant', global, 'default', {}, 'h/proxyv2:1.31'],
    [
      'the annotation wins over both',
      global,
      'default',
      { 'sidecar.istio.io/proxyImageType': 'debug' },
      'h/proxyv2:1.31-debug',
    ],
    [
      'an empty annotation takes the tag as it is',
      global,
      'default',
      { 'sidecar.istio.io/proxyImageType': '' },
      'h/proxyv2:1.31-debug',
    ],
    ['a tag that is a number, another name', { hub: 'h', tag: 1.5, proxy: { image: 'p' } }, '', {}, 'h/p:1.5'],
  ])('%s', (_title, values, type, annotations, image) => {
    expect(proxyImage(imageSettings({ global: values as never }), type, annotations)).toBe(image);
  });
  test('the type of the ProxyConfig does not reach the init container', () => {
    expect(proxyInitImage(imageSettings({ global: { ...global, proxy_init: { image: 'i' } } }), {})).toBe(
      'h/i:1.31-distroless',
    );
  });
});

describe('parameters of the path', () => {
  test.each<[string, Record<string, string>]>([
    ['/inject', {}],
    ['/inject/', {}],
    ['/inject/cluster/c/net/n/', { ISTIO_META_CLUSTER_ID: 'c', ISTIO_META_NETWORK: 'n' }],
    ['/inject/net/a--slash--b/foo', { ISTIO_META_NETWORK: 'a/b' }],
    ['/inject/zone/z', { ZONE: 'z' }],
    ['/inject/:ENV:cluster=c:ENV:path=/a/b:ENV:=x:ENV:y', { ISTIO_META_CLUSTER_ID: 'c', PATH: '/a/b' }],
  ])('%s', (path, envs) => {
    expect(envsOfPath(path)).toEqual(envs);
  });
});
