import { describe, expect, it } from 'vitest';
import { parseYamlObjects } from '../values/yaml-input.ts';
import { analyzeForReaders } from './analyze-for-readers.ts';
import { resourceOf } from './world-from-objects.ts';

const SURROUNDINGS = { now: 0, readCertificate: () => undefined };
const READERS = [
  { revision: '', release: '1.31.4' },
  { revision: 'old', release: '1.30.8' },
];

function found(yaml: string, readers = READERS): string[] {
  const resources = parseYamlObjects(yaml, []).flatMap((value) => resourceOf({ value, origin: {} }, 'shop') ?? []);
  const messages = analyzeForReaders(resources, { surroundings: SURROUNDINGS, readers });
  return messages.map(({ code, text }) => `${code}${/ \(so Istio .*\)$/.exec(text)?.[0] ?? ''}`);
}

const sidecar = (labels = '{}', hosts = '["~shop/*", "prod/*"]'): string => `
apiVersion: networking.istio.io/v1
kind: Sidecar
metadata: {name: all, labels: ${labels}}
spec: {egress: [{hosts: ${hosts}}]}
`;

describe('resources of a cluster with two releases', () => {
  it('are judged by those that read them, and hear who says what not all say', () => {
    expect(found(sidecar())).toEqual(['IST0106 (so Istio 1.30)']);
    expect(found(sidecar('{istio.io/rev: old}'))).toEqual(['IST0106']);
    expect(found(sidecar('{istio.io/rev: default}'))).toEqual([]);
    expect(found(sidecar('{}', '["no host"]'))).toEqual(['IST0106']);
  });

  it('are judged by the one where there is one', () => {
    expect(found(sidecar(), READERS.slice(1))).toEqual(['IST0106']);
    expect(found(sidecar(), READERS.slice(0, 1))).toEqual([]);
    expect(found(sidecar(), [])).toEqual([]);
  });

  it('belong to the revision of their namespace where they are no configuration', () => {
    const service = (revision: string): string => `
apiVersion: v1
kind: Namespace
metadata: {name: shop, labels: {istio.io/rev: ${revision}}}
---
apiVersion: v1
kind: Service
metadata: {name: web, annotations: {istio.io/use-waypoint-canary-weight: "10"}}
spec: {ports: [{name: http, port: 80}]}
`;
    const unknown = (yaml: string): string[] => found(yaml).filter((text) => text.startsWith('IST0108'));
    expect(unknown(service('old'))).toEqual(['IST0108']);
    expect(unknown(service('default'))).toEqual([]);
  });
});
