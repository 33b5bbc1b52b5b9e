import { expect, it } from 'vitest';
import { refOf, type KubeObject } from '../kube-object.ts';
import type { ObjectDiff } from './object-diff.ts';
import { describePlan } from './plan-text.ts';

const object = (kind: string, data: Record<string, string> = {}): KubeObject => ({
  apiVersion: 'v1',
  kind,
  metadata: { name: kind.toLowerCase() },
  data,
});
const create = (after: KubeObject): ObjectDiff => ({ change: 'create', ref: refOf(after), after });

it('counts what is done, and shows what is new in whole', () => {
  const before = object('ConfigMap', { a: '1' });
  const { summary, text } = describePlan(
    [
      create(object('Service', { port: '80' })),
      { change: 'change', ref: refOf(before), before, after: object('ConfigMap', { a: '2' }) },
      { change: 'prune', ref: refOf(object('Secret')), before: object('Secret') },
    ],
    [],
  );
  expect(summary).toBe('1 to create, 1 to change, 1 to remove');
  expect(text).toContain('to create: Service service\n--- /dev/null\n+++ planned\n');
  expect(text).toContain('-  a: "1"\n+  a: "2"\n');
  expect(text).toMatch(/to remove: Secret secret\n$/);
});

it('names new definitions only', () => {
  expect(describePlan([create(object('CustomResourceDefinition'))], []).text).toBe(
    'to create: CustomResourceDefinition customresourcedefinition\n',
  );
});

it('fits into a ConfigMap, and says that it was cut', () => {
  const { text } = describePlan([create(object('ConfigMap', { big: 'x'.repeat(2_000_000) }))], []);
  expect(text.length).toBeLessThan(1_000_000);
  expect(text).toMatch(/… \(\d+ characters\)$/);
});

it('tells what could not be tried, and of what nobody would see', () => {
  expect(describePlan([], ['Service x: no'])).toEqual({
    summary: 'nothing that can be seen',
    text: 'could not be tried: Service x: no\n',
  });
});
