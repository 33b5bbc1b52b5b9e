import { describe, expect, it } from 'vitest';
import { parseYamlObjects } from '../../values/yaml-input.ts';
import { countWork } from '../../../../test/builders/count-work.ts';
import { TooMuchWork } from '../../work-meter.ts';
import type { Message } from '../messages.ts';
import type { Resource } from '../resource.ts';
import { resourceOf } from '../world-from-objects.ts';
import { MutableWorld } from '../world.ts';
import { analyzeChange, type ChangeAnalysis } from './analyze-change.ts';
import { reduceResource } from './reduce-resource.ts';

const SURROUNDINGS = { now: 0, readCertificate: () => undefined };

function resourcesOf(yaml: string): Resource[] {
  return parseYamlObjects(yaml, []).flatMap((value) => resourceOf({ value, origin: {} }, 'shop') ?? []);
}

const SHOP = `
apiVersion: v1
kind: Service
metadata: {name: web}
spec: {ports: [{name: http, port: 80}]}
---
apiVersion: networking.istio.io/v1
kind: DestinationRule
metadata: {name: web}
spec: {host: web, subsets: [{name: v1, labels: {version: v1}}]}
---
apiVersion: networking.istio.io/v1
kind: Gateway
metadata: {name: edge}
spec:
  selector: {istio: ingressgateway}
  servers: [{port: {number: 443, name: https, protocol: HTTPS}, hosts: [shop.example.com], tls: {credentialName: shop}}]
---
apiVersion: networking.istio.io/v1
kind: VirtualService
metadata: {name: web}
spec: {hosts: [web], http: [{route: [{destination: {host: web, subset: v1}}]}]}
---
apiVersion: networking.istio.io/v1
kind: ServiceEntry
metadata: {name: pay}
spec: {hosts: [pay.example.com, '*.pay.example.com'], resolution: DNS, ports: [{number: 443, name: https, protocol: HTTPS}]}
---
apiVersion: networking.istio.io/v1
kind: Sidecar
metadata: {name: default}
spec: {outboundTrafficPolicy: {mode: REGISTRY_ONLY}, egress: [{hosts: ['*/*']}]}
---
apiVersion: telemetry.istio.io/v1
kind: Telemetry
metadata: {name: default}
spec: {}
---
apiVersion: v1
kind: ServiceAccount
metadata: {name: web}
`;

function stored(): MutableWorld {
  return new MutableWorld(resourcesOf(SHOP).map(reduceResource), { now: 0, readCertificate: () => undefined });
}

function change(yaml: string, previousYaml?: string): ChangeAnalysis {
  const [resource] = resourcesOf(yaml);
  const [previous] = previousYaml === undefined ? [] : resourcesOf(previousYaml);
  if (!resource) throw new Error('no resource');
  return analyzeChange(stored(), { resource, readPrevious: () => previous });
}

const print = ({ code, path }: Message): string => `${code} ${path}`;

function istio(group: string, kind: string, spec: string, name = 'new'): string {
  return `apiVersion: ${group}.istio.io/v1\nkind: ${kind}\nmetadata: {name: ${name}}\nspec: ${spec}\n`;
}

const network = (kind: string, spec: string, name?: string): string => istio('networking', kind, spec, name);
const service = (destination: string, more = ''): string =>
  network('VirtualService', `{hosts: [shop.example.com]${more}, http: [{route: [{destination: ${destination}}]}]}`);
const destination = 'spec.http[0].route[0].destination';
const server = (name: string, credential: string): string =>
  `{port: {number: 443, name: https, protocol: HTTPS}, hosts: [${name}], tls: {credentialName: ${credential}}}`;

describe('a change that is a mistake together with what is stored', () => {
  it.each([
    ['a host that nobody has', service('{host: nowhere}'), [`IST0101 ${destination}.host`]],
    [
      'a port that the host has not',
      service('{host: web, port: {number: 81}}'),
      [`IST0101 ${destination}.port.number`],
    ],
    ['a subset that no rule defines', service('{host: web, subset: v2}'), [`IST0101 ${destination}.subset`]],
    [
      'a gateway that does not exist',
      service('{host: web, subset: v1}', ', gateways: [absent]'),
      ['IST0101 spec.gateways[0]'],
    ],
    [
      'a host that another claims',
      network('VirtualService', '{hosts: [web.shop.svc.cluster.local]}'),
      ['IST0109 spec.hosts'],
    ],
    [
      'a gateway for a host that another serves',
      network('Gateway', `{selector: {istio: ingressgateway}, servers: [${server('shop.example.com', 'other')}]}`),
      ['IST0145 spec.servers[0].hosts'],
    ],
  ])('%s is an error', (_what, yaml, expected) => {
    expect(change(yaml).errors.map(print)).toEqual(expected);
  });

  it.each([
    [
      'a host that the gateway does not serve',
      service('{host: web, subset: v1}', ', hosts: [x.example.com], gateways: [edge]').replace(
        'hosts: [shop.example.com], ',
        '',
      ),
      ['IST0132 spec.gateways[0]'],
    ],
    [
      'an external host under REGISTRY_ONLY',
      network('DestinationRule', '{host: api.example.org}'),
      ['IST0174 spec.host', 'SWT0002 spec.host'],
    ],
    [
      'a certificate that another gateway serves',
      network('Gateway', `{selector: {istio: ingressgateway}, servers: [${server('b.example.com', 'shop')}]}`),
      ['IST0138 spec.servers'],
    ],
    [
      'another protocol for a port',
      network(
        'ServiceEntry',
        '{hosts: [pay.example.com], addresses: [10.0.0.1], resolution: DNS, ports: [{number: 443, name: tls, protocol: TLS}]}',
      ),
      ['IST0177 spec.ports'],
    ],
    [
      'a principal that does not exist',
      istio(
        'security',
        'AuthorizationPolicy',
        '{rules: [{from: [{source: {principals: [cluster.local/ns/shop/sa/wbe]}}]}]}',
      ),
      ['SWT0004 spec.rules[0].from[0].source.principals[0]'],
    ],
  ])('%s is a warning', (_what, yaml, expected) => {
    const { errors, warnings } = change(yaml);
    expect(errors).toEqual([]);
    expect(warnings.map(print)).toEqual(expected);
  });

  it('is an error where a namespace has a second default', () => {
    expect(change(istio('telemetry', 'Telemetry', '{}')).errors.map(print)).toEqual(['IST0160 spec.selector']);
    expect(change(network('Sidecar', '{egress: [{hosts: ["*/*"]}]}')).errors.map(print)).toEqual([
      'IST0111 spec.workloadSelector',
    ]);
  });
});

describe('a change that is none', () => {
  it.each([
    ['routes to what is there', service('{host: web, subset: v1, port: {number: 80}}', ', gateways: [edge]')],
    ['routes to a wildcard of a ServiceEntry', service('{host: eu.pay.example.com}')],
    [
      'replaces itself',
      network('VirtualService', '{hosts: [web], http: [{route: [{destination: {host: web}}]}]}', 'web'),
    ],
    ['is a second version of the only default', istio('telemetry', 'Telemetry', '{}', 'default')],
    ['defines the subset that it is about', network('DestinationRule', '{host: web}', 'web')],
  ])('%s', (_what, yaml) => {
    expect(change(yaml)).toEqual({ errors: [], warnings: [] });
  });

  it('is quiet where the resource asks for it', () => {
    const quiet = service('{host: nowhere}').replace(
      '{name: new}',
      '{name: new, annotations: {galley.istio.io/analyze-suppress: IST0101}}',
    );
    expect(change(quiet).errors).toEqual([]);
  });
});

describe('an update', () => {
  const broken = service('{host: nowhere}');

  it('is warned of the errors that it does not bring', () => {
    const { errors, warnings } = change(broken, broken);
    expect(errors).toEqual([]);
    expect(warnings.map(print)).toEqual([`IST0101 ${destination}.host`]);
  });

  it('has those that it brings', () => {
    const { errors, warnings } = change(service('{host: elsewhere}'), broken);
    expect(errors.map(print)).toEqual([`IST0101 ${destination}.host`]);
    expect(warnings).toEqual([]);
  });
});

describe('what takes long', () => {
  const many = (count: number, make: (i: number) => string): string =>
    Array.from({ length: count }, (_, i) => make(i)).join(', ');
  const gatewayOf = (hosts: number): string =>
    network(
      'Gateway',
      `{selector: {a: b}, servers: [{port: {number: 80, name: http, protocol: HTTP}, hosts: [${many(hosts, (i) => `h${i}.example.com`)}]}]}`,
      'large',
    );
  const usersOf = (gateways: number): string =>
    network('VirtualService', `{hosts: [h0.example.com], gateways: [${many(gateways, () => 'large')}], http: []}`);

  it('is not looked up while somebody waits', () => {
    const world = new MutableWorld(resourcesOf(gatewayOf(3_000)), SURROUNDINGS);
    const judge = (gateways: number): ChangeAnalysis => {
      const [resource] = resourcesOf(usersOf(gateways));
      if (!resource) throw new Error('no resource');
      return analyzeChange(world, { resource, readPrevious: () => undefined });
    };
    expect(judge(10)).toEqual({ errors: [], warnings: [] });
    expect(() => judge(500)).toThrow(TooMuchWork);
  });

  it('is in proportion to the hosts of a ServiceEntry', () => {
    const entry = (hosts: number): string =>
      network(
        'ServiceEntry',
        `{resolution: DNS, hosts: [${many(hosts, (i) => `h${i}.example.com`)}], ports: [${many(hosts / 10, (i) => `{number: ${i + 1}, name: http-${i}, protocol: HTTP}`)}]}`,
      );
    const [one] = resourcesOf(entry(100));
    const [four] = resourcesOf(entry(400));
    const work = (resource: Resource | undefined): number =>
      countWork(
        () =>
          resource && analyzeChange(new MutableWorld([], SURROUNDINGS), { resource, readPrevious: () => undefined }),
      );
    work(four);
    expect(work(four) / work(one)).toBeLessThan(6);
  });
});
