import { describe, expect, it } from 'vitest';
import { formatRights, type Right } from '../../core/authorize/right.ts';
import type { JsonObject, KubeObject } from '../../core/kube-object.ts';
import type { Result } from '../../core/problem.ts';
import type { Rendered } from '../../core/render/index.ts';
import { render } from '../../core/render/render.ts';
import { createRightsCheck } from './check-rights.ts';
import { studyChange } from './change-study.ts';
import { parseChange, type CheckAnswer } from './istio-operator-change.ts';

const DEFAULTS = { hub: 'registry.istio.io/release', tag: '1.31.4' };
const renderHere = (resource: KubeObject): Result<Rendered> =>
  render({ documents: [resource as unknown as JsonObject] }, { form: 'sailwright', defaults: DEFAULTS });
const EVERYTHING = '* *.* in the whole cluster';

type Holds = (right: Right) => boolean | Promise<boolean>;

interface Asked {
  answer: CheckAnswer;
  asked: string[];
}

function istioOperator(spec: JsonObject): JsonObject {
  const metadata = { name: 'mesh', namespace: 'istio-system' };
  return { apiVersion: 'install.istio.io/v1alpha1', kind: 'IstioOperator', metadata, spec };
}

/** What the check answers to somebody with these rights, and what it asked about them. */
async function judge(
  holds: Holds,
  { spec, old }: { spec: JsonObject; old?: JsonObject },
  { namespaces = ['istio-system'], budgetMs = 5_000 } = {},
): Promise<Asked> {
  const asked: string[] = [];
  const check = createRightsCheck(
    (signal) => ({
      api: {
        get: ({ apiVersion, kind, name }): Promise<KubeObject | undefined> =>
          Promise.resolve(namespaces.includes(name) ? { apiVersion, kind, metadata: { name } } : undefined),
      },
      askAccess: (requester, right) => {
        expect(requester).toEqual({ username: 'eve', groups: ['g'], extra: { k: ['v'] } });
        asked.push(...formatRights([right]));
        const gone = new Promise<never>((_, reject) => {
          signal.addEventListener('abort', () => reject(new Error('no answer in time')));
        });
        return Promise.race([holds(right), gone]);
      },
    }),
    budgetMs,
  );
  const request = {
    uid: 'u',
    operation: old ? ('UPDATE' as const) : ('CREATE' as const),
    userInfo: { username: 'eve', groups: ['g'], extra: { k: ['v'] } },
    object: istioOperator(spec),
    ...(old ? { oldObject: istioOperator(old) } : {}),
  };
  const change = parseChange(request, (pair) => studyChange(pair, renderHere, 'sailwright-system'));
  if (!change) throw new Error('the request could not be parsed');
  const context = { path: '/validate-istiooperator', peer: '', signal: new AbortController().signal };
  return { answer: await check(change, context), asked };
}

const nobody: Holds = () => false;
const onRole = (path: string, value: unknown): JsonObject => ({
  components: {
    pilot: {
      k8s: {
        overlays: [{ kind: 'ClusterRole', name: 'istiod-clusterrole-istio-system', patches: [{ path, value }] }],
      },
    },
  } as JsonObject,
});

describe('createRightsCheck', () => {
  it('asks one question about who may do everything', async () => {
    const { answer, asked } = await judge(() => true, { spec: { profile: 'demo' } });
    expect(answer).toEqual({});
    expect(asked).toEqual([EVERYTHING]);
  });

  it('names what is missing, and for what', async () => {
    const { answer } = await judge(nobody, { spec: { profile: 'default' } });
    expect(answer.denial).toMatchObject({ verdict: 'RightsMissing', code: 403, reason: 'Forbidden' });
    expect(answer.denial?.message).toContain('user "eve"');
    expect(answer.denial?.message).toContain(
      'create, patch serviceaccounts in namespace istio-system (for ServiceAccount istio-system/istio-reader-service-account',
    );
  });

  it('ends early for who may do nothing', async () => {
    const { asked } = await judge(nobody, { spec: { profile: 'default' } });
    expect(asked.length).toBeLessThan(100);
  });

  it('lets pass who holds each right one by one, without escalate and bind', async () => {
    const each: Holds = ({ verb }) => !['*', 'escalate', 'bind'].includes(verb);
    const { answer, asked } = await judge(each, { spec: { profile: 'ambient' } });
    expect(answer).toEqual({});
    expect(new Set(asked).size).toBe(asked.length);
    console.log(`rights one by one: ${asked.length} questions`);
  });

  it('lets pass who may escalate and bind, without holding what the roles grant', async () => {
    const author: Holds = ({ verb, resource }) =>
      ['create', 'patch', 'escalate', 'bind'].includes(verb) && resource !== '*';
    const { answer, asked } = await judge(author, { spec: { profile: 'ambient' } });
    expect(answer).toEqual({});
    expect(asked.length).toBeLessThan(100);
  });

  it('asks nobody about scale and place', async () => {
    const k8s = { hpaSpec: { maxReplicas: 9 }, nodeSelector: { a: 'b' } };
    const change = { old: { profile: 'default' }, spec: { profile: 'default', components: { pilot: { k8s } } } };
    expect(await judge(() => expect.unreachable('asked'), change)).toEqual({ answer: {}, asked: [] });
  });

  it('asks about an overlay that adds to a role only for what it adds', async () => {
    const rule = { apiGroups: [''], resources: ['secrets'], verbs: ['delete'] };
    const change = { old: { profile: 'default' }, spec: { profile: 'default', ...onRole('rules.[-1]', rule) } };
    const { answer } = await judge(({ verb }) => verb === 'patch', change);
    expect(answer.denial?.message).toContain('delete secrets in the whole cluster');
    const { answer: allowed } = await judge(({ verb }) => ['patch', 'delete'].includes(verb), change);
    expect(allowed).toEqual({});
  });

  it('asks for a namespace only where it would be made', async () => {
    const spec = { profile: 'default' };
    const patcher: Holds = ({ verb, resource }) => verb !== '*' && resource !== 'namespaces';
    expect((await judge(patcher, { spec })).answer).toEqual({});
    const { answer } = await judge(patcher, { spec }, { namespaces: [] });
    expect(answer.denial?.message).toContain(
      'create, patch namespaces in the whole cluster (for Namespace istio-system)',
    );
  });

  it('treats a resource that could not be rendered as one that had nothing', async () => {
    const { answer } = await judge(nobody, { old: { profile: 'gone' }, spec: { profile: 'default' } });
    expect(answer.denial?.verdict).toBe('RightsMissing');
  });

  const unanswered: [what: string, holds: Holds, says: string][] = [
    ['fails', () => Promise.reject(new Error('etcd is away')), 'etcd is away'],
    ['says nothing', () => new Promise<boolean>(() => undefined), 'no answer in time'],
  ];
  it.each(unanswered)('lets nothing pass when the API server %s', async (_what, holds, says) => {
    const { answer } = await judge(holds, { spec: { profile: 'default' } }, { budgetMs: 50 });
    expect(answer.denial).toMatchObject({ verdict: 'RightsUnknown', code: 503 });
    expect(answer.denial?.message).toContain(says);
  });

  it('lets nothing pass that would take too many questions', async () => {
    const verbs = Array.from({ length: 1_100 }, (_, index) => `verb-${index}`);
    const rule = { apiGroups: [''], resources: ['pods'], verbs };
    const each: Holds = ({ verb }) => verb.startsWith('verb-') || verb === 'patch';
    const change = { old: { profile: 'default' }, spec: { profile: 'default', ...onRole('rules.[-1]', rule) } };
    const { answer, asked } = await judge(each, change);
    expect(answer.denial?.verdict).toBe('TooManyRights');
    expect(asked.length).toBeLessThanOrEqual(1_001);
  });
});
