import { describe, expect, it } from 'vitest';
import type { KubeObject } from '../kube-object.ts';
import { findReaders } from './find-readers.ts';

function configMap(name: string, version: string | undefined, mesh?: string): KubeObject {
  const labels: Record<string, string> = version === undefined ? {} : { 'app.kubernetes.io/version': version };
  const metadata = { name, namespace: 'istio-system', labels };
  return { apiVersion: 'v1', kind: 'ConfigMap', metadata, data: mesh === undefined ? {} : { mesh } };
}

function namespace(name: string, labels: Record<string, string> = {}): KubeObject {
  return { apiVersion: 'v1', kind: 'Namespace', metadata: { name, labels } };
}

const NAMESPACES = [namespace('shop', { mesh: 'blue' }), namespace('team')];
const SELECTORS = 'discoverySelectors: [{matchLabels: {mesh: blue}}, {matchLabels: {mesh: green}}]';

describe('the control planes that read resources', () => {
  it.each<[string, KubeObject[], object[]]>([
    ['none', [], []],
    [
      'by the injector, whatever the mesh configuration says',
      [configMap('istio', '1.31.4', ''), configMap('istio-sidecar-injector', '1.30.8')],
      [{ revision: '', release: '1.30.8' }],
    ],
    [
      'by the mesh configuration of one that does not inject',
      [configMap('istio-blue', '1.30.8', '')],
      [{ revision: 'blue', release: '1.30.8' }],
    ],
    [
      'those of minors that are not known have judges of their own',
      [configMap('istio-sidecar-injector', '1.29.3'), configMap('istio-sidecar-injector-new', '1.32.0')],
      [{ revision: 'new', release: '1.32.0' }],
    ],
    ['without a label', [configMap('istio-sidecar-injector', undefined)], []],
    [
      'who looks where, if they judge otherwise',
      [configMap('istio', '1.31.4', SELECTORS), configMap('istio-old', '1.30.8', '{}')],
      [
        { revision: '', release: '1.31.4', namespaces: ['shop'] },
        { revision: 'old', release: '1.30.8' },
      ],
    ],
    [
      'and not where they judge alike',
      [configMap('istio', '1.31.4', SELECTORS), configMap('istio-old', '1.31.3', '{}')],
      [
        { revision: '', release: '1.31.4' },
        { revision: 'old', release: '1.31.3' },
      ],
    ],
    [
      'a mesh configuration that cannot be read leaves nothing out',
      [configMap('istio', '1.31.4', 'a: [b: c'), configMap('istio-old', '1.30.8', 'discoverySelectors: 1')],
      [
        { revision: '', release: '1.31.4' },
        { revision: 'old', release: '1.30.8' },
      ],
    ],
  ])('%s', (_, configMaps, expected) => {
    expect(findReaders(configMaps, () => NAMESPACES)).toEqual(expected);
  });
});
