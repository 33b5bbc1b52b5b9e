import fc from 'fast-check';
import { afterEach, describe, expect, it } from 'vitest';
import { namespaceObject, nodeObject, renderControlPlane } from '../../../test/builders/control-plane.ts';
import type { FakeKubeApi } from '../../../test/builders/fake-kube-api.ts';
import { startInjectionRegistry } from '../../../test/builders/injection-registry.ts';
import type { JsonObject, KubeObject } from '../../core/kube-object.ts';
import type { AdmissionRequest, AdmissionResponse } from '../admission-review.ts';
import { createInjectionHandler } from './injection-handler.ts';
import { InjectionMemo } from './injection-memo.ts';
import type { InjectionRegistry } from './injection-registry.ts';

const REQUEST: AdmissionRequest = {
  uid: '1',
  operation: 'CREATE',
  namespace: 'shop',
  object: {
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: { generateName: 'web-', creationTimestamp: null, labels: { app: 'web' }, annotations: { a: 'b' } },
    spec: { containers: [{ name: 'web', image: 'web:1', ports: [{ containerPort: 8080 }] }] },
  },
};
const OTHER_REVISION = renderControlPlane({ revision: 'new', global: { hub: 'other.example' } });
/** As JSON's 1e400 is read. */
const TOO_LARGE = Infinity;
const UID_RANGE = 'openshift.io/sa.scc.uid-range';

let registry: InjectionRegistry | undefined;
afterEach(() => registry?.stop());

type Ask = (request?: AdmissionRequest, path?: string) => { remembered: AdmissionResponse; found: AdmissionResponse };

/** Asks a handler that remembers and one that does not. */
async function start(objects: KubeObject[]): Promise<{ api: FakeKubeApi; ask: Ask }> {
  const { api, configs } = await startInjectionRegistry(objects);
  registry = configs;
  const options = { configs, operatorNamespace: 'sailwright-system' };
  const [remembering, finding] = [
    createInjectionHandler({ ...options, memo: new InjectionMemo() }),
    createInjectionHandler(options),
  ];
  const ask: Ask = (request = REQUEST, path = '/inject') => ({
    // As each is read from a body of its own.
    remembered: remembering(structuredClone(request), { path }) as AdmissionResponse,
    found: finding(structuredClone(request), { path }) as AdmissionResponse,
  });
  return { api, ask };
}

function changed(change: (object: JsonObject) => JsonObject): AdmissionRequest {
  return { ...REQUEST, object: change(structuredClone(REQUEST.object) as JsonObject) };
}

function withMetadata(metadata: JsonObject): AdmissionRequest {
  return changed((object) => ({ ...object, metadata: { ...(object.metadata as JsonObject), ...metadata } }));
}

function withContainer(container: JsonObject): AdmissionRequest {
  return changed((object) => ({ ...object, spec: { containers: [{ name: 'web', image: 'web:1', ...container }] } }));
}

describe('an answer that is remembered', () => {
  it('is given again to the same pod, and is the answer that would be found', async () => {
    const { ask } = await start(renderControlPlane());
    const [alone, first, second] = [ask(), ask(), ask()];
    expect(first.remembered).not.toBe(alone.remembered);
    expect(second.remembered).toBe(first.remembered);
    expect(first.remembered).toEqual(first.found);
    expect(first.remembered).toMatchObject({ allowed: true, verdict: 'PolicyEnabled' });
  });

  it.each<[string, AdmissionRequest, string?]>([
    ['a label', withMetadata({ labels: { app: 'other' } })],
    ['an annotation', withMetadata({ annotations: { 'sidecar.istio.io/logLevel': 'debug' } })],
    [
      'the owner',
      withMetadata({
        ownerReferences: [{ apiVersion: 'apps/v1', kind: 'ReplicaSet', name: 'r-1', uid: '1', controller: true }],
      }),
    ],
    ['its own namespace', withMetadata({ namespace: 'kube-system' })],
    ['a port', withContainer({ ports: [{ containerPort: 8081 }] })],
    ['a probe', withContainer({ livenessProbe: { httpGet: { port: 8080 } } })],
    ['a number that is none', withContainer({ ports: [{ containerPort: TOO_LARGE }] })],
    ['a decision against it', withMetadata({ labels: { 'sidecar.istio.io/inject': 'false' } })],
    ['a denial', withMetadata({ annotations: { 'sidecar.istio.io/interceptionMode': 'none' } })],
    ['the namespace of the request', { ...REQUEST, namespace: 'kube-system' }],
    ['the cluster of the path', REQUEST, '/inject/cluster/east/net/n'],
    ['the revision of the path', REQUEST, '/inject/revision/new'],
  ])('holds for no pod that differs by %s', async (_what, request, path) => {
    const { ask } = await start([...renderControlPlane(), ...OTHER_REVISION]);
    const [, before] = [ask(), ask()];
    // What text cannot tell from the number.
    ask(withContainer({ ports: [{ containerPort: null }] }));
    const [, { remembered, found }] = [ask(request, path), ask(request, path)];
    expect(remembered).toEqual(found);
    expect(remembered).not.toEqual(before.remembered);
    expect(ask()).toEqual(before);
  });

  it.each<[string, JsonObject, KubeObject[]]>([
    ['the values', {}, renderControlPlane({ global: { proxy: { logLevel: 'debug' } } })],
    ['the mesh', {}, renderControlPlane({ meshConfig: { defaultConfig: { concurrency: 7 } } })],
    ["istiod's environment", {}, renderControlPlane({ pilot: { env: { ENABLE_NATIVE_SIDECARS: 'true' } } })],
    ['the nodes', {}, [nodeObject('a', 'v1.34.0')]],
    [
      'a ProxyConfig',
      {},
      [
        {
          apiVersion: 'networking.istio.io/v1beta1',
          kind: 'ProxyConfig',
          metadata: { name: 'few', namespace: 'shop' },
          spec: { concurrency: 3 },
        },
      ],
    ],
    [
      "the namespace's users",
      { global: { platform: 'openshift' } },
      [namespaceObject('shop', {}, { [UID_RANGE]: '5/10' })],
    ],
  ])('ends with a change of %s', async (_what, values, change) => {
    const { api, ask } = await start([...renderControlPlane(values), nodeObject('a', 'v1.28.0')]);
    const [, { remembered: before }] = [ask(), ask()];
    for (const object of change) api.seed(object);
    await expect.poll(() => ask().remembered.patch).not.toEqual(before.patch);
    const { remembered, found } = ask();
    expect(remembered).toEqual(found);
  });

  it('is that of the handler without memory, whatever comes in whatever order', async () => {
    const { ask } = await start(renderControlPlane());
    const port = fc.constantFrom(80, 8080, null, TOO_LARGE);
    const pods = fc.record({
      port,
      label: fc.constantFrom('a', 'b'),
      namespace: fc.constantFrom('shop', 'kube-system'),
    });
    fc.assert(
      fc.property(fc.array(pods, { minLength: 1, maxLength: 20 }), (asked) => {
        for (const { port: containerPort, label, namespace } of asked) {
          const { object } = withContainer({ ports: [{ containerPort }] });
          const request = {
            ...REQUEST,
            namespace,
            object: { ...object, metadata: { generateName: 'web-', labels: { app: label } } },
          };
          const { remembered, found } = ask(request);
          expect(remembered).toEqual(found);
        }
      }),
      { numRuns: 50 },
    );
  });
});
