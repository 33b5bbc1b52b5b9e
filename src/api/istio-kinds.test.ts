import { expect, it } from 'vitest';
import { istioKind, ISTIO_KINDS } from './istio-kinds.ts';
import { SPEC_SCHEMAS } from './istio-specs.ts';

it('knows kinds by group and name', () => {
  expect(istioKind('networking.istio.io', 'Gateway')).toBe('Gateway');
  expect(istioKind('gateway.networking.k8s.io', 'Gateway')).toBeUndefined();
  expect(istioKind('networking.istio.io', 'constructor')).toBeUndefined();
  expect(ISTIO_KINDS.map(({ kind }) => kind).sort()).toEqual(Object.keys(SPEC_SCHEMAS).sort());
});
