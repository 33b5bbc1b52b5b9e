import { describe, expect, it } from 'vitest';
import { CA_MANAGER } from '../../api/our-names.ts';
import type { KubeObject } from '../../core/kube-object.ts';
import { isOurs } from '../../core/webhook-configuration.ts';
import { planCaBundle, planFailurePolicy } from './plan-configuration.ts';
import { isSelected } from '../../core/label-selector.ts';
import { computeSelectedLabels, isDenial, planProbe } from './plan-probe.ts';

const ENDPOINT = { namespace: 'sailwright-system', url: 'https://127.0.0.1:9' };
const ours = { service: { name: 'sailwright-webhook', namespace: 'sailwright-system', path: '/inject' } };
const others = { service: { name: 'istiod', namespace: 'istio-system' } };

function configuration(webhooks: object[], metadata: object = {}): KubeObject {
  const kind = 'MutatingWebhookConfiguration';
  return { apiVersion: 'v1', kind, metadata: { name: 'c', resourceVersion: '7', ...metadata }, webhooks };
}

describe('an entry is ours', () => {
  const rows: [title: string, clientConfig: object, expected: boolean][] = [
    ['by our Service', ours, true],
    ['not by a Service of that name elsewhere', { service: { name: 'sailwright-webhook', namespace: 'x' } }, false],
    ['by our URL', { url: 'https://127.0.0.1:9/inject' }, true],
    ['not by a URL that only begins alike', { url: 'https://127.0.0.1:99/inject' }, false],
    ['not by anything else', others, false],
  ];
  it.each(rows)('%s', (_title, clientConfig, expected) => {
    expect(isOurs({ name: 'w', clientConfig }, ENDPOINT)).toBe(expected);
  });
});

describe('planCaBundle', () => {
  it('gives the bundle to our entries only, guarded by the version that was read', () => {
    const live = configuration([
      { name: 'a', clientConfig: ours },
      { name: 'b', clientConfig: others },
    ]);
    expect(planCaBundle(live, ENDPOINT, 'NEW')).toEqual([
      { op: 'test', path: '/metadata/resourceVersion', value: '7' },
      { op: 'add', path: '/webhooks/0/clientConfig/caBundle', value: 'NEW' },
    ]);
  });

  it('does nothing when all have it', () => {
    const live = configuration([{ name: 'a', clientConfig: { ...ours, caBundle: 'NEW' } }]);
    expect(planCaBundle(live, ENDPOINT, 'NEW')).toEqual([]);
  });

  it('takes its bundle back from an entry that calls somebody else now, and leaves that of others', () => {
    const fieldsV1 = { 'f:webhooks': { 'k:{"name":"a"}': { 'f:clientConfig': { 'f:caBundle': {} } } } };
    const live = configuration(
      ['a', 'b'].map((name) => ({ name, clientConfig: { ...others, caBundle: 'OLD' } })),
      { managedFields: [{ manager: CA_MANAGER, operation: 'Update', fieldsV1 }] },
    );
    expect(planCaBundle(live, ENDPOINT, 'NEW').slice(1)).toEqual([
      { op: 'remove', path: '/webhooks/0/clientConfig/caBundle' },
    ]);
  });
});

describe('planFailurePolicy', () => {
  const webhooks = [
    { name: 'a', clientConfig: ours, failurePolicy: 'Ignore' },
    { name: 'b', clientConfig: ours, failurePolicy: 'Fail' },
    { name: 'c', clientConfig: others, failurePolicy: 'Ignore' },
    { name: 'd', clientConfig: ours, failurePolicy: 'Ignore', rules: [{ operations: ['DELETE'] }] },
  ];
  it('makes our entries binding, except for deletions', () => {
    expect(planFailurePolicy(configuration(webhooks), ENDPOINT).slice(1)).toEqual([
      { op: 'add', path: '/webhooks/0/failurePolicy', value: 'Fail' },
    ]);
  });

  it('leaves alone what a person chose', () => {
    const live = configuration(webhooks, { annotations: { 'sailwright.dev/failure-policy': 'fixed' } });
    expect(planFailurePolicy(live, ENDPOINT)).toEqual([]);
  });
});

describe('planProbe', () => {
  const namespaces = [
    { name: 'kube-system', labels: {} },
    { name: 'apps', labels: { 'istio-injection': 'enabled' } },
    { name: 'default', labels: {} },
  ];
  const absent = (key: string): object => ({ key, operator: 'DoesNotExist' });

  it('finds a namespace and labels by which the webhook is called', () => {
    const live = configuration([
      { name: 'never', clientConfig: ours, namespaceSelector: { matchLabels: { nowhere: 'x' } } },
      {
        name: 'object',
        clientConfig: ours,
        namespaceSelector: { matchExpressions: [absent('istio-injection')] },
        objectSelector: { matchExpressions: [{ key: 'istio.io/rev', operator: 'In', values: ['canary'] }] },
      },
    ]);
    const probe = planProbe(live, ENDPOINT, { namespaces, beside: [] });
    expect(probe?.webhook).toBe('object');
    expect(probe?.object).toMatchObject({
      kind: 'Pod',
      metadata: {
        namespace: 'default',
        labels: { 'istio.io/rev': 'canary' },
        annotations: { 'sailwright.dev/webhook-probe': 'true' },
      },
    });
  });

  it.each([
    [['networking.istio.io', 'security.istio.io'], { kind: 'Gateway', spec: {} }],
    [['install.istio.io'], { kind: 'IstioOperator', spec: { profile: 'sailwright-webhook-probe' } }],
  ])('breaks a rule of what %j validates', (apiGroups, object) => {
    const entry = { name: 'v', clientConfig: ours, rules: [{ apiGroups }] };
    const live = { ...configuration([entry]), kind: 'ValidatingWebhookConfiguration' };
    expect(planProbe(live, ENDPOINT, { namespaces, beside: [] })?.object).toMatchObject(object);
  });

  it('takes the denial of an entry that is called in the same way, wherever it stands, for as much', () => {
    const live = configuration([{ name: 'object', clientConfig: ours }]);
    const beside = configuration([
      { name: 'twin', clientConfig: { ...ours } },
      { name: 'of-another-bundle', clientConfig: { ...ours, caBundle: 'b3RoZXI=' } },
    ]);
    const probe = planProbe(live, ENDPOINT, { namespaces, beside: [beside] });
    const isDeniedBy = (name: string): boolean =>
      probe !== undefined && isDenial(probe, denied.replace('object', name));
    expect(['object', 'twin', 'of-another-bundle', 'else'].map(isDeniedBy)).toEqual([true, true, false, false]);
  });

  it('finds none when nothing is selected, or nobody calls us', () => {
    const nowhere = configuration([
      { name: 'a', clientConfig: ours, namespaceSelector: { matchLabels: { nowhere: 'x' } } },
      { name: 'b', clientConfig: others },
    ]);
    expect(planProbe(nowhere, ENDPOINT, { namespaces, beside: [] })).toBeUndefined();
  });

  const denied = 'admission webhook "object" denied the request: this object only proves that the webhook is reached';
  const answers: [title: string, message: string, expected: boolean][] = [
    ['its own denial', denied, true],
    ['a denial of another webhook', denied.replace('object', 'other'), false],
    ['another reason to deny', 'admission webhook "object" denied the request: no', false],
    ['a refusal by the API server', 'pods "x" is forbidden', false],
  ];
  it.each(answers)('takes for a proof %s: %s', (_title, message, expected) => {
    const probe = { webhook: 'object', twins: [], object: { apiVersion: 'v1', kind: 'Pod', metadata: { name: 'p' } } };
    expect(isDenial(probe, message)).toBe(expected);
  });
});

describe('selectors', () => {
  const of = (operator: string, ...values: string[]): object => ({ key: 'k', operator, values });
  const rows: [expression: object, labels: Record<string, string>, expected: boolean][] = [
    [of('In', 'a', 'b'), { k: 'b' }, true],
    [of('In', 'a'), {}, false],
    [of('NotIn', 'a'), {}, true],
    [of('NotIn', 'a'), { k: 'a' }, false],
    [of('Exists'), { k: '' }, true],
    [of('DoesNotExist'), { k: '' }, false],
  ];
  it.each(rows)('%j on %j: %s', (expression, labels, expected) => {
    expect(isSelected(labels, { matchExpressions: [expression as never] })).toBe(expected);
  });

  it('that contradict themselves select nothing', () => {
    const selector = { matchExpressions: [of('In', 'a'), of('NotIn', 'a')] as never[] };
    expect(computeSelectedLabels(selector)).toBeUndefined();
  });
});
