import { describe, expect, test } from 'vitest';
import { decide, explainDecision, type InjectionPolicy } from './decide.ts';
import type { InjectReason } from './inject-reason.ts';
import { compileSelector } from './compile-selector.ts';
import type { Pod } from './template-context.ts';

const INJECT = 'sidecar.istio.io/inject';
const never = compileSelector({ matchLabels: { role: 'batch' } });
const always = compileSelector({ matchExpressions: [{ key: 'mesh', operator: 'Exists' }] });

function policy(text = 'enabled'): InjectionPolicy {
  return { policy: text, neverInjectSelectors: [never], alwaysInjectSelectors: [always] };
}

function pod({
  labels = {},
  annotations = {},
  spec = {},
}: {
  labels?: Record<string, string>;
  annotations?: Record<string, string>;
  spec?: Pod['spec'];
}): Pod {
  return { metadata: { labels, annotations }, spec };
}

describe('each rule in turn', () => {
  test.each<[string, Pod, string, string, boolean, InjectReason]>([
    [
      'host network wins over the label',
      pod({ labels: { [INJECT]: 'true' }, spec: { hostNetwork: true } }),
      'a',
      'enabled',
      false,
      'HostNetwork',
    ],
    [
      'system namespaces are left alone',
      pod({ labels: { [INJECT]: 'true' } }),
      'kube-system',
      'enabled',
      false,
      'SystemNamespace',
    ],
    ['label true', pod({ labels: { [INJECT]: 'true' } }), 'a', 'disabled', true, 'LabelEnabled'],
    ['label false', pod({ labels: { [INJECT]: 'false' } }), 'a', 'enabled', false, 'LabelDisabled'],
    [
      'the label wins over the annotation',
      pod({ labels: { [INJECT]: 'false' }, annotations: { [INJECT]: 'true' } }),
      'a',
      'enabled',
      false,
      'LabelDisabled',
    ],
    ['annotation true', pod({ annotations: { [INJECT]: 'true' } }), 'a', 'disabled', true, 'AnnotationEnabled'],
    ['annotation false', pod({ annotations: { [INJECT]: 'false' } }), 'a', 'enabled', false, 'AnnotationDisabled'],
    [
      'an empty label hides the annotation',
      pod({ labels: { [INJECT]: '' }, annotations: { [INJECT]: 'false' } }),
      'a',
      'enabled',
      true,
      'PolicyEnabled',
    ],
    [
      'any other word counts as nothing',
      pod({ labels: { [INJECT]: 'yes' } }),
      'a',
      'disabled',
      false,
      'PolicyDisabled',
    ],
    ['neverInjectSelector', pod({ labels: { role: 'batch' } }), 'a', 'enabled', false, 'NeverInjectSelector'],
    [
      'never is asked before always',
      pod({ labels: { role: 'batch', mesh: '' } }),
      'a',
      'enabled',
      false,
      'NeverInjectSelector',
    ],
    ['alwaysInjectSelector', pod({ labels: { mesh: '' } }), 'a', 'disabled', true, 'AlwaysInjectSelector'],
    [
      'the label wins over the selectors',
      pod({ labels: { role: 'batch', [INJECT]: 'true' } }),
      'a',
      'enabled',
      true,
      'LabelEnabled',
    ],
    ['policy enabled', pod({}), 'a', 'enabled', true, 'PolicyEnabled'],
    ['policy disabled', pod({}), 'a', 'disabled', false, 'PolicyDisabled'],
    [
      'an unknown policy turns injection off, the label too',
      pod({ labels: { [INJECT]: 'true' } }),
      'a',
      'on',
      false,
      'PolicyUnknown',
    ],
  ])('%s', (_title, subject, namespace, text, inject, reason) => {
    expect(decide(subject, namespace, policy(text))).toMatchObject({ inject, reason });
  });
});

test('the trace names every rule that was looked at, and the one that decided', () => {
  const steps = explainDecision(pod({ labels: { [INJECT]: 'yes', role: 'batch' } }), 'a', policy());
  expect(steps.map(({ rule }) => rule)).toEqual([
    'host network',
    'system namespace',
    'policy',
    'label and annotation',
    'neverInjectSelector',
  ]);
  expect(steps.map(({ decided }) => decided)).toEqual([false, false, false, false, true]);
  expect(steps[3]?.finding).toContain('"yes"');
});

test('a selector with an unknown operator is ignored, and the trace says so', () => {
  const broken = compileSelector({ matchExpressions: [{ key: 'role', operator: 'Equals', values: ['batch'] }] });
  const subject = pod({ labels: { role: 'batch' } });
  const own = { ...policy(), neverInjectSelectors: [broken] };
  expect(decide(subject, 'a', own).reason).toBe('PolicyEnabled');
  const steps = explainDecision(subject, 'a', own);
  expect(steps.find(({ rule }) => rule === 'neverInjectSelector')?.finding).toContain('"Equals"');
});
