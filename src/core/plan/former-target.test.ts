import { expect, it } from 'vitest';
import type { KubeObject } from '../kube-object.ts';
import { targetOf, withFormerTarget } from './former-target.ts';

const PREVIOUS = 'sailwright.dev/previous-revision';
const tag = (revision: string, previous?: string, name = 'prod'): KubeObject => ({
  apiVersion: 'admissionregistration.k8s.io/v1',
  kind: 'MutatingWebhookConfiguration',
  metadata: {
    name: `istio-revision-tag-${name}`,
    labels: { 'istio.io/rev': revision, 'istio.io/tag': name },
    ...(previous === undefined ? {} : { annotations: { [PREVIOUS]: previous } }),
  },
});

it.each<[string, { wanted: KubeObject; live: KubeObject; isMove?: boolean }, string | undefined]>([
  ['that moves', { wanted: tag('green'), live: tag('blue') }, 'blue'],
  ['that moves on', { wanted: tag('red'), live: tag('green', 'blue') }, 'green'],
  ['that moves back', { wanted: tag('blue'), live: tag('green', 'blue') }, 'green'],
  ['that changes otherwise', { wanted: tag('green'), live: tag('green', 'blue') }, 'blue'],
  ['that never moved', { wanted: tag('green'), live: tag('green') }, undefined],
  ['whose label somebody changed', { wanted: tag('green'), live: tag('x', 'blue'), isMove: false }, 'blue'],
])('a tag %s remembers the revision before', (_what, { wanted, live, isMove = true }, previous) => {
  const object = withFormerTarget(wanted, live, isMove);
  expect(object.metadata.annotations?.[PREVIOUS]).toBe(previous);
  expect(targetOf(object)).toEqual({ ...targetOf(wanted), ...(previous === undefined ? {} : { previous }) });
});

it('anything else has no target', () => {
  const service = { ...tag('green'), kind: 'Service' };
  expect(targetOf(service)).toBeUndefined();
  expect(withFormerTarget(service, tag('blue'), true)).toBe(service);
  const injector = { ...tag('green'), metadata: { name: 'i', labels: { 'istio.io/rev': 'green' } } };
  expect(targetOf(injector)).toBeUndefined();
});
