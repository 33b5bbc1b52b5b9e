import { expect, it } from 'vitest';
import type { KubeObject } from '../kube-object.ts';
import { withFormerTarget } from './former-target.ts';
import { hideFromIstiod, hidingSteps, isHidden } from './hidden-webhooks.ts';

const PREVIOUS = 'sailwright.dev/previous-revision';
const tag = (revision: string, annotations = {}): KubeObject => ({
  apiVersion: 'admissionregistration.k8s.io/v1',
  kind: 'MutatingWebhookConfiguration',
  metadata: {
    name: 'istio-revision-tag-prod',
    labels: { 'istio.io/rev': revision, 'istio.io/tag': 'prod' },
    annotations: { 'sailwright.dev/applied-hash': 'x', ...annotations },
  },
});

it('a hidden configuration has no revision, is to be applied again, and keeps all else', () => {
  const hidden = hideFromIstiod(tag('green', { note: 'y' }));
  expect(hidden.metadata).toEqual({
    name: 'istio-revision-tag-prod',
    labels: { 'istio.io/tag': 'prod' },
    annotations: { note: 'y' },
  });
  expect([isHidden(hidden), isHidden(tag('green')), isHidden(undefined)]).toEqual([true, false, false]);
});

it('a live one is hidden by a patch, once', () => {
  expect(hidingSteps(tag('green'))).toEqual([{ op: 'remove', path: '/metadata/labels/istio.io~1rev' }]);
  expect(hidingSteps(hideFromIstiod(tag('green')))).toEqual([]);
});

it('a hidden tag still knows the revision before the one that it leads to', () => {
  const hidden = hideFromIstiod(tag('green', { [PREVIOUS]: 'blue' }));
  expect(withFormerTarget(tag('green'), hidden, true).metadata.annotations?.[PREVIOUS]).toBe('blue');
});
