import { expect, it } from 'vitest';
import { CA_MANAGER } from '../../api/our-names.ts';
import type { KubeObject } from '../../core/kube-object.ts';
import { withKeptFields, type KeptInWebhooks } from './webhook-changes.ts';

const BUNDLE = Buffer.from('ours').toString('base64');
const KEPT: KeptInWebhooks = { endpoint: { namespace: 'ops' }, caBundle: BUNDLE, isUnproven: false };
const OURS = { service: { name: 'sailwright-webhook', namespace: 'ops' } };
const THEIRS = { service: { name: 'istiod', namespace: 'istio-system' } };

const entry = (name: string, client: object, more: object = {}): object => ({
  name,
  clientConfig: client,
  failurePolicy: 'Fail',
  ...more,
});

function configuration(webhooks: object[], metadata: object = {}): KubeObject {
  return {
    apiVersion: 'admissionregistration.k8s.io/v1',
    kind: 'MutatingWebhookConfiguration',
    metadata: { name: 'a', ...metadata },
    webhooks,
  };
}

/** What an apply says of the entries: their names alone. */
const view = configuration([{ name: 'a' }, { name: 'b' }]);
const entriesOf = ({ webhooks }: KubeObject): unknown => webhooks;

function changesOf(live: KubeObject, kept: Partial<KeptInWebhooks> = {}): { before: unknown; after: unknown } {
  const { before, after } = withKeptFields(
    { before: view, after: view },
    { live, applied: live },
    { ...KEPT, ...kept },
  );
  return { before: entriesOf(before), after: entriesOf(after) };
}
const unchanged = { before: view['webhooks'], after: view['webhooks'] };

it('says nothing of what is as it should be, or not known', () => {
  const good = configuration([entry('a', { ...OURS, caBundle: BUNDLE }), entry('b', THEIRS)]);
  expect(changesOf(good)).toEqual(unchanged);
  expect(changesOf(configuration([entry('a', OURS)]), { caBundle: undefined })).toEqual(unchanged);
});

it('shows bundles by size and digest, at the entry that changes', () => {
  const live = configuration([entry('a', THEIRS), entry('b', { ...OURS, caBundle: 'YQ==' })]);
  const { before, after } = changesOf(live);
  const bundle = /^\d+ characters, sha256 [0-9a-f]{16}$/;
  const shown = { name: 'b', clientConfig: { caBundle: expect.stringMatching(bundle) as unknown } };
  expect(before).toEqual([{ name: 'a' }, shown]);
  expect(after).toEqual([{ name: 'a' }, shown]);
  expect(before).not.toEqual(after);
});

it('shows a bundle that is new, and one that goes with the call', () => {
  const fieldsV1 = { 'f:webhooks': { 'k:{"name":"b"}': { 'f:clientConfig': { 'f:caBundle': {} } } } };
  const managedFields = [{ manager: CA_MANAGER, operation: 'Update', fieldsV1 }];
  const live = configuration([entry('a', OURS), entry('b', { ...THEIRS, caBundle: BUNDLE })], { managedFields });
  const { before, after } = changesOf(live);
  expect(before).toMatchObject([{ name: 'a' }, { clientConfig: { caBundle: expect.any(String) as unknown } }]);
  expect(after).toMatchObject([{ clientConfig: { caBundle: expect.any(String) as unknown } }, { name: 'b' }]);
  expect(before).not.toHaveProperty([0, 'clientConfig']);
  expect(after).not.toHaveProperty([1, 'clientConfig']);
});

it('shows that a webhook becomes binding, unless nobody saw it answer', () => {
  const live = configuration([entry('a', { ...OURS, caBundle: BUNDLE }, { failurePolicy: 'Ignore' })]);
  expect(changesOf(live)).toEqual({
    before: [{ name: 'a', failurePolicy: 'Ignore' }, { name: 'b' }],
    after: [{ name: 'a', failurePolicy: 'Fail' }, { name: 'b' }],
  });
  expect(changesOf(live, { isUnproven: true })).toEqual(unchanged);
});
