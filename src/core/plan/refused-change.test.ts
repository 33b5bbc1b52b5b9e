import { describe, expect, it } from 'vitest';
import type { KubeObject } from '../kube-object.ts';
import { describeRefusedChanges, toRefusedChange, type FieldFault } from './refused-change.ts';

const GATEWAY = { apiVersion: 'apps/v1', kind: 'Deployment', namespace: 'istio-system', name: 'gateway' };
const fault = (field: string, message: string): FieldFault => ({ field, message });
const refuse = (exists: boolean, ...faults: FieldFault[]): ReturnType<typeof toRefusedChange> =>
  toRefusedChange(GATEWAY, { exists, faults, message: 'PATCH /x: no' });

describe('what cannot be changed in place', () => {
  it.each([
    ['a selector, a template of a Job', 'Invalid value: {"a":{"b":"c: d"}}: field is immutable'],
    ['the address of a Service', 'Invalid value: ["None"]: may not change once set'],
    ['the role of a binding', 'Invalid value: rbac.RoleRef{Name:"x"}: cannot change roleRef'],
    ['data of a ConfigMap', 'Forbidden: field is immutable when `immutable` is set'],
  ])('%s', (_what, message) => {
    expect(refuse(true, fault('spec.selector', message)).isImmutable).toBe(true);
    expect(refuse(false, fault('spec.selector', message)).isImmutable).toBe(false);
  });

  it('is named without the value, which may be a whole template', () => {
    const [, selector] = ['', 'Invalid value: {"matchLabels":{"istio":"edge"}}: field is immutable'];
    expect(refuse(true, fault('spec.selector', selector)).cause).toBe('spec.selector: field is immutable');
  });

  it('does not count when something else is wrong as well: made anew, it would be refused again', () => {
    const faults = [fault('spec.selector', 'field is immutable'), fault('spec.replicas', 'must not be negative')];
    expect(refuse(true, ...faults).isImmutable).toBe(false);
  });
});

const resource = (recreate?: string): Pick<KubeObject, 'metadata'> => ({
  metadata: { name: 'mesh', annotations: recreate === undefined ? {} : { 'sailwright.dev/recreate': recreate } },
});

it('says how to have made anew what cannot be changed, beside what the annotation names already', () => {
  const immutable = refuse(true, fault('spec.selector', 'field is immutable'));
  expect(describeRefusedChanges([immutable], resource())).toContain(
    'set annotation sailwright.dev/recreate: "Deployment/istio-system/gateway" to have it made anew',
  );
  expect(describeRefusedChanges([immutable], resource('Deployment/a/b'))).toContain(
    'sailwright.dev/recreate: "Deployment/a/b,Deployment/istio-system/gateway" (it is "Deployment/a/b")',
  );
  const definition = { ...immutable, ref: { apiVersion: 'v1', kind: 'CustomResourceDefinition', name: 'x' } };
  expect(describeRefusedChanges([definition], resource())).not.toContain('recreate');
});

it('tells object, field, cause and a way out for each kind of refusal', () => {
  const immutable = refuse(true, fault('spec.selector', 'field is immutable'));
  const policy = refuse(true);
  expect(describeRefusedChanges([immutable], resource())).toContain(
    'Deployment istio-system/gateway: spec.selector: field is immutable; what cannot be changed in place',
  );
  expect(describeRefusedChanges([immutable], resource())).not.toContain('what refuses it');
  expect(describeRefusedChanges([policy], resource())).toContain(
    'Deployment istio-system/gateway: PATCH /x: no; change the resource',
  );
  expect(
    describeRefusedChanges(
      Array.from({ length: 7 }, () => policy),
      resource(),
    ),
  ).toContain('and 2 more');
});
