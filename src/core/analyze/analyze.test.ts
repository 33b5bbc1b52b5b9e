import { describe, expect, it } from 'vitest';
import { analyzeWorld } from './analyze.ts';
import { resourceOf } from './world-from-objects.ts';
import { MutableWorld } from './world.ts';
import { parseYamlObjects } from '../values/yaml-input.ts';

const SURROUNDINGS = { now: 0, readCertificate: () => undefined };

function worldOf(yaml: string): MutableWorld {
  const resources = parseYamlObjects(yaml, []).flatMap((value) => resourceOf({ value, origin: {} }, 'shop') ?? []);
  return new MutableWorld(resources, SURROUNDINGS);
}

function found(yaml: string): string[] {
  return analyzeWorld(worldOf(yaml)).map(({ code, resource, path }) => `${code} ${resource.name} ${path}`.trim());
}

const POD = 'apiVersion: v1\nkind: Pod\nmetadata: {name: web, labels: {app: web}}\nspec: {containers: [{name: web}]}\n';

const route = (weights: number[]): string => `
apiVersion: networking.istio.io/v1
kind: VirtualService
metadata: {name: web}
spec:
  hosts: [web]
  http:
  - route:${weights.map((weight) => `\n    - {destination: {host: web}, weight: ${weight}}`).join('')}
---
apiVersion: v1
kind: Service
metadata: {name: web}
spec: {selector: {app: web}, ports: [{name: http, port: 80}]}
`;

const policy = (spec: string): string =>
  `apiVersion: security.istio.io/v1\nkind: AuthorizationPolicy\nmetadata: {name: p}\nspec: ${spec}\n---\n${POD.replace('[{name: web}]', '[{name: istio-proxy, image: proxy}]')}`;

const strict = (spec: string): string =>
  `apiVersion: security.istio.io/v1\nkind: PeerAuthentication\nmetadata: {name: default}\nspec: ${spec}\n---\n${POD}`;

describe('findings that Istio does not have', () => {
  it.each([
    ['weights of 110', route([60, 50]), ['SWT0003 web spec.http[0].route']],
    ['weights of 100', route([60, 40]), []],
    ['one weight alone', route([7]), []],
    ['STRICT beside a pod without a proxy', strict('{mtls: {mode: STRICT}}'), ['SWT0001 default spec.mtls.mode']],
    ['PERMISSIVE beside a pod without a proxy', strict('{mtls: {mode: PERMISSIVE}}'), []],
    ['ALLOW without rules', policy('{}'), ['SWT0005 p spec.rules']],
    ['DENY without rules', policy('{action: DENY}'), ['IST0106 p spec.rules']],
    ['ALLOW of everything', policy('{rules: [{}]}'), []],
    [
      'a principal of a known namespace that does not exist',
      policy('{rules: [{from: [{source: {principals: [cluster.local/ns/shop/sa/nobody]}}]}]}'),
      ['SWT0004 p spec.rules[0].from[0].source.principals[0]'],
    ],
    ['a principal that a pod has', policy('{rules: [{from: [{source: {principals: [td/ns/shop/sa/default]}}]}]}'), []],
    ['a principal of a namespace elsewhere', policy('{rules: [{from: [{source: {principals: [td/ns/x/sa/y]}}]}]}'), []],
  ])('%s', (_what, yaml, expected) => {
    expect(found(yaml)).toEqual(expected);
  });
});

describe('what is reported', () => {
  const broken = (annotations: string): string => `
apiVersion: networking.istio.io/v1
kind: VirtualService
metadata: {name: web, annotations: {${annotations}}}
spec:
  hosts: [web]
  gateways: [nowhere]
  http: [{route: [{destination: {host: nobody}}]}]
`;

  it('puts errors first and names fields', () => {
    expect(found(broken(''))).toEqual([
      'IST0101 web spec.gateways[0]',
      'IST0101 web spec.http[0].route[0].destination.host',
      'IST0132 web spec.gateways[0]',
    ]);
  });

  it.each([
    ['galley.istio.io/analyze-suppress: IST0101', ['IST0132 web spec.gateways[0]']],
    ['galley.istio.io/analyze-suppress: "IST0132,IST0101"', []],
    ['galley.istio.io/analyze-suppress: "*"', []],
  ])('leaves out what the resource suppresses by %s', (annotation, expected) => {
    expect(found(broken(annotation))).toEqual(expected);
  });

  it('reads fields by either spelling', () => {
    const rule = (field: string): string =>
      `apiVersion: networking.istio.io/v1\nkind: DestinationRule\nmetadata: {name: web}\nspec: {host: web.example.com, ${field}: {tls: {mode: SIMPLE}}}\n`;
    expect(found(rule('traffic_policy'))).toEqual(found(rule('trafficPolicy')));
    expect(found(rule('trafficPolicy'))).toContain('IST0128 web spec.trafficPolicy.tls.caCertificates');
  });

  it('is the same for any order of resources', () => {
    const documents = route([60, 50]).split('---');
    expect(found(documents.toReversed().join('---'))).toEqual(found(documents.join('---')));
  });
});
