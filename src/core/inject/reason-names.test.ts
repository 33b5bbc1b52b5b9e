import { expect, test } from 'vitest';
import { DENIAL_REASONS } from './denial-reason.ts';
import { INJECT_REASONS } from './inject-reason.ts';

// Metrics, Events and scripts know these names: a change here breaks their users.
test('the reasons keep their names', () => {
  expect(Object.keys(INJECT_REASONS)).toEqual([
    'HostNetwork',
    'SystemNamespace',
    'LabelEnabled',
    'LabelDisabled',
    'AnnotationEnabled',
    'AnnotationDisabled',
    'NeverInjectSelector',
    'AlwaysInjectSelector',
    'PolicyEnabled',
    'PolicyDisabled',
    'PolicyUnknown',
  ]);
  expect(Object.keys(DENIAL_REASONS)).toEqual([
    'InvalidPod',
    'InvalidAnnotation',
    'TemplateFailed',
    'TemplateRefused',
    'InvalidOverride',
  ]);
});
