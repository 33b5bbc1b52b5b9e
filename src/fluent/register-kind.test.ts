import { modelToGroupVersionKind, RegisterKind } from 'kubernetes-fluent-client';
import { expect, it } from 'vitest';
import { registerKind } from './register-kind.ts';

const KIND = { group: 'example.com', version: 'v1', kind: 'Route', plural: 'routes' };

it('registers a class under group, version and kind, beside others of the same name', () => {
  const ours = class Route {};
  const theirs = class Route {};
  registerKind(ours, KIND);
  RegisterKind(theirs, { ...KIND, group: 'example.org' });
  expect(modelToGroupVersionKind(ours.name)).toEqual(KIND);
  expect(modelToGroupVersionKind(theirs.name).group).toBe('example.org');
});

it('takes a class of the same kind again, as when the module is loaded twice', () => {
  const again = class Route {};
  registerKind(again, KIND);
  expect(modelToGroupVersionKind(again.name)).toEqual(KIND);
});
