import { describe, expect, test } from 'vitest';
import { podObject } from '../../../test/builders/control-plane.ts';
import type { JsonObject } from '../kube-object.ts';
import { compileInjectionConfig } from './compile-injection-config.ts';
import { inject, type InjectionResult } from './inject.ts';
import type { Pod } from './template-context.ts';
import { knownFields } from './user-part.ts';

const PROBES = { readinessInitialDelaySeconds: 0, readinessPeriodSeconds: 15, readinessFailureThreshold: 4 };

describe('the known fields of a part', () => {
  test('leave out keys that no field has, and keep directives and other spellings', () => {
    const part = {
      Name: 'a',
      bogus: 1,
      securitycontext: { $patch: 'replace', runasuser: 5, bogus: 2 },
      $retainKeys: ['name'],
    };
    expect(knownFields(part, 'Container')).toEqual({
      Name: 'a',
      securitycontext: { $patch: 'replace', runasuser: 5 },
      $retainKeys: ['name'],
    });
  });
  test('are the part itself when there is nothing else', () => {
    const part = { name: 'a', env: [{ name: 'A' }], resources: { limits: { cpu: '1' } } };
    expect(knownFields(part, 'Container')).toBe(part);
  });
});

interface Given {
  /** Values below `global.proxy`, which the renderer would refuse: another's installer may not. */
  proxy?: JsonObject;
  gateways?: JsonObject;
  template?: string;
  annotations?: Record<string, string>;
}

function injected({ proxy = {}, gateways = {}, template = '', annotations = {} }: Given): InjectionResult {
  const values = {
    global: {
      hub: 'h',
      tag: 't',
      proxy: { autoInject: 'enabled', privileged: false, image: 'p', ...PROBES, ...proxy },
    },
  };
  const config = compileInjectionConfig({ values: { ...values, gateways }, templates: { own: template } });
  const pod = podObject('shop', 'web', { annotations }) as unknown as Pod;
  return inject({ pod, namespace: 'shop' }, config);
}

function specOf(result: InjectionResult): Record<string, JsonObject[]> {
  if (result.outcome !== 'injected') throw new Error(JSON.stringify(result));
  return result.pod.spec as Record<string, JsonObject[]>;
}

const proxyOf = (spec: Record<string, JsonObject[]>): JsonObject =>
  [...(spec['initContainers'] ?? []), ...(spec['containers'] ?? [])].find(({ name }) => name === 'istio-proxy') ?? {};
const named = (list: unknown, name: string): JsonObject | undefined =>
  (list as JsonObject[]).find((item) => item['name'] === name);

interface Place {
  /** The same part, written well and with one value of a wrong type. */
  good: Given;
  bad: Given;
  read: (spec: Record<string, JsonObject[]>) => unknown;
  expected: unknown;
  message: string;
}

const annotated = (name: string, value: string): Given => ({ annotations: { [name]: value } });
const GATEWAY = { annotations: { 'inject.istio.io/templates': 'gateway' } };
const OWN = { annotations: { 'inject.istio.io/templates': 'sidecar,own' } };

/** Every place where a user writes a part of a pod. */
const PLACES: Readonly<Record<string, Place>> = {
  'the annotation userVolume, as a list': {
    good: annotated('sidecar.istio.io/userVolume', '[{"name":"wasm","configmap":{"Name":"w","bogus":1},"bogus":2}]'),
    bad: annotated('sidecar.istio.io/userVolume', '[{"name":"wasm","emptyDir":"x"}]'),
    read: (spec) => named(spec['volumes'], 'wasm'),
    expected: { name: 'wasm', configMap: { name: 'w' } },
    message: 'annotation sidecar.istio.io/userVolume: 0.emptyDir: must be an object',
  },
  'the annotation userVolumeMount, by name': {
    good: annotated('sidecar.istio.io/userVolumeMount', '{"wasm":{"mountpath":"/w","readonly":true,"bogus":1}}'),
    bad: annotated('sidecar.istio.io/userVolumeMount', '{"wasm":{"mountPath":5}}'),
    read: (spec) => named(proxyOf(spec)['volumeMounts'], 'wasm'),
    expected: { name: 'wasm', mountPath: '/w', readOnly: true },
    message: 'annotation sidecar.istio.io/userVolumeMount: wasm.mountPath: must be a string, got 5',
  },
  'values.global.proxy.lifecycle': {
    good: { proxy: { lifecycle: { prestop: { exec: { Command: ['a'], bogus: 1 } } } } },
    bad: { proxy: { lifecycle: { preStop: { exec: { command: 'a' } } } } },
    read: (spec) => proxyOf(spec)['lifecycle'],
    expected: { preStop: { exec: { command: ['a'] } } },
    message: 'values.global.proxy.lifecycle.preStop.exec.command: must be a list',
  },
  'values.global.proxy.resources': {
    good: { proxy: { resources: { Requests: { cpu: '1' }, bogus: { cpu: '1' }, claims: [{ bogus: null }] } } },
    bad: { proxy: { resources: { limits: 'foo' } } },
    read: (spec) => proxyOf(spec)['resources'],
    expected: { requests: { cpu: '1' } },
    message: 'values.global.proxy.resources.limits: must be an object, got "foo"',
  },
  'values.global.proxy.seccompProfile': {
    good: { proxy: { seccompProfile: { Type: 'RuntimeDefault', bogus: 1 } } },
    bad: { proxy: { seccompProfile: { type: 1 } } },
    read: (spec) => (proxyOf(spec)['securityContext'] as JsonObject)['seccompProfile'],
    expected: { type: 'RuntimeDefault' },
    message: 'values.global.proxy.seccompProfile.type: must be a string, got 1',
  },
  'values.gateways.securityContext': {
    good: { ...GATEWAY, gateways: { securityContext: { runasuser: 5, bogus: 1 } } },
    bad: { ...GATEWAY, gateways: { securityContext: { runAsUser: 'root' } } },
    read: (spec) => spec['securityContext'],
    expected: { runAsUser: 5 },
    message: 'values.gateways.securityContext.runAsUser: must be an integer of 64 bits, got "root"',
  },
  'a custom template': {
    good: { ...OWN, template: 'Spec: {DNSPolicy: None, bogus: 1}\nbogus: 2\nstatus: {Phase: Running}' },
    bad: { ...OWN, template: 'metadata: {labels: {a: 1}}' },
    read: (spec) => spec['dnsPolicy'],
    expected: 'None',
    message: 'template own: pod field metadata.labels.a: must be a string, got 1',
  },
  'the annotation overrides': {
    good: annotated('proxy.istio.io/overrides', '{"Containers":[{"Name":"istio-proxy","Image":"own","bogus":1}]}'),
    bad: annotated('proxy.istio.io/overrides', '{"containers":[{"name":1}]}'),
    read: (spec) => proxyOf(spec)['image'],
    expected: 'own',
    message: 'annotation proxy.istio.io/overrides.containers[0].name: must be a string, got 1',
  },
};

describe.each(Object.entries(PLACES))('%s', (_place, { good, bad, read, expected, message }) => {
  test('is decoded as Go does: keys in any case, unknown ones dropped', () => {
    const spec = specOf(injected(good));
    expect(read(spec)).toEqual(expected);
    expect(JSON.stringify(spec)).not.toContain('"bogus"');
  });
  test('with a value of a wrong type denies the pod and says where', () => {
    const answer = injected(bad);
    expect(answer).toMatchObject({ outcome: 'denied' });
    expect(answer.outcome === 'denied' && answer.message).toContain(message);
  });
});
