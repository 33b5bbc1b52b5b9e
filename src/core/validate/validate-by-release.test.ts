import { describe, expect, it } from 'vitest';
import { findRelease } from '../istio/find-release.ts';
import type { JsonObject } from '../kube-object.ts';
import { predictAdmission } from './predict-admission.ts';
import { validateResource } from './validate-resource.ts';

const resource = (kind: string, spec: JsonObject): JsonObject => ({
  apiVersion: 'networking.istio.io/v1',
  kind,
  metadata: { name: 'x', namespace: 'team' },
  spec,
});
const rule = (trafficPolicy: JsonObject): JsonObject =>
  resource('DestinationRule', { host: 'a.example.com', trafficPolicy });
const sidecar = (spec: JsonObject): JsonObject => resource('Sidecar', spec);

/** What a release says, with `!` before errors. */
function said(object: JsonObject, release: string): string[] {
  const verdict = validateResource(object, { release: findRelease(release) });
  const all = [...(verdict?.findings ?? []), ...(verdict?.advice ?? [])];
  return all.map(({ severity, code, path }) => `${severity === 'error' ? '!' : ''}${code} ${path}`);
}

describe('a rule holds for the releases that have it', () => {
  const gentle = rule({ loadBalancer: { simple: 'LEAST_REQUEST', warmup: { duration: '30s', aggression: 0.5 } } });
  const excluded = sidecar({ egress: [{ hosts: ['~team/*', 'prod/*'] }] });
  const dynamic = sidecar({ outboundTrafficPolicy: { mode: 3 } });
  const wide = resource('ServiceEntry', {
    hosts: ['a.example.com'],
    addresses: ['0.0.0.0/0', '::', '9.0.0.0/7', '10.0.0.0/8'],
    ports: [{ number: 80, name: 'http', protocol: 'HTTP' }],
    resolution: 'STATIC',
  });
  it.each<[string, JsonObject, string, string[]]>([
    ['warmup below 1', gentle, '1.30', ['!AggressionInvalid spec.trafficPolicy.loadBalancer.warmup.aggression']],
    ['warmup below 1', gentle, '1.31', []],
    ['an excluded namespace', excluded, '1.30', ['!HostNamespaceInvalid spec.egress[0].hosts[0]']],
    ['an excluded namespace', excluded, '1.31', []],
    ['a mode of the mesh', dynamic, '1.30', []],
    ['a mode of the mesh', dynamic, '1.31', ['!ModeUnsupported spec.outboundTrafficPolicy.mode']],
    ['wide addresses', wide, '1.31', []],
    ['wide addresses', wide, '1.32', [0, 1, 2].map((i) => `AddressesWide spec.addresses[${i}]`)],
  ])('%s', (_, object, release, expected) => {
    expect(said(object, release)).toEqual(expected);
  });
});

describe('a field that came later', () => {
  const pinged = rule({ connectionPool: { http: { http2KeepAlive: { interval: '5s' } } } });
  const at = 'spec.trafficPolicy.connectionPool.http.http2KeepAlive';

  it('is warned of, and nothing below it is judged', () => {
    expect(said(pinged, '1.30')).toEqual([`FieldTooNew ${at}`]);
    expect(said(pinged, '1.31')).toEqual([`!DurationMissing ${at}.timeout`]);
  });

  it('is refused in a file, as by a cluster with the definitions of that minor', () => {
    const verdict = predictAdmission(pinged, { release: findRelease('1.30') });
    expect(verdict?.findings.filter(({ path }) => path === at)).toEqual([
      { severity: 'error', path: at, code: 'FieldTooNew', message: 'unknown field (it came with Istio 1.31)' },
    ]);
  });

  it('is a wrong word in an enum', () => {
    const filter = {
      ...resource('EnvoyFilter', {
        configPatches: [{ applyTo: 'CLUSTER', patch: { operation: 'MERGE_AND_REPLACE_LIST', value: {} } }],
      }),
      apiVersion: 'networking.istio.io/v1alpha3',
    };
    expect(said(filter, '1.30')).toEqual(['!DecodingFailed spec.configPatches[0].patch.operation']);
    expect(said(filter, '1.31').filter((text) => text.startsWith('!'))).toEqual([]);
  });
});
