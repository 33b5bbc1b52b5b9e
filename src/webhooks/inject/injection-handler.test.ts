import { afterEach, describe, expect, it } from 'vitest';
import { namespaceObject, nodeObject, podObject, renderControlPlane } from '../../../test/builders/control-plane.ts';
import { FakeKubeApi } from '../../../test/builders/fake-kube-api.ts';
import type { JsonObject, KubeObject } from '../../core/kube-object.ts';
import { InformerPool } from '../../kube/informer-pool.ts';
import { createSilentLog } from '../../telemetry/log.ts';
import type { AdmissionRequest, AdmissionResponse } from '../admission-review.ts';
import { createInjectionHandler } from './injection-handler.ts';
import { InjectionRegistry } from './injection-registry.ts';

let registry: InjectionRegistry | undefined;
afterEach(() => registry?.stop());

/** A webhook that watches a cluster with these objects. */
async function startWebhook(objects: KubeObject[]): Promise<{
  api: FakeKubeApi;
  registry: InjectionRegistry;
  send: (change?: Partial<AdmissionRequest>, path?: string) => AdmissionResponse;
}> {
  const api = new FakeKubeApi();
  for (const object of objects) api.seed(object);
  const watched = new InjectionRegistry({ informers: new InformerPool({ api }), endpoint: {}, log: createSilentLog() });
  registry = watched;
  expect(watched.findUnready()).toContain('not read yet');
  watched.start();
  await Promise.all(watched.informers.map((informer) => informer.waitForSync()));
  const handle = createInjectionHandler({ configs: watched, operatorNamespace: 'sailwright-system' });
  const send = (change: Partial<AdmissionRequest> = {}, path = '/inject'): AdmissionResponse => {
    const response = handle({ uid: '1', operation: 'CREATE', namespace: 'shop', object: pod(), ...change }, { path });
    if (response instanceof Promise) throw new Error('the handler waits');
    return response;
  };
  return { api, registry: watched, send };
}

function pod(metadata: Partial<KubeObject['metadata']> = {}, spec: JsonObject = {}): JsonObject {
  const object = podObject('shop', 'web', metadata);
  return { ...object, spec: { ...(object['spec'] as JsonObject), ...spec } } as unknown as JsonObject;
}

const patchText = ({ patch }: AdmissionResponse): string => String(patch);

describe('the injection webhook', () => {
  it('injects by the configuration that it watches', async () => {
    const { send } = await startWebhook(renderControlPlane());
    const response = send();
    expect(response).toMatchObject({ allowed: true, verdict: 'PolicyEnabled' });
    expect(patchText(response)).toContain('"istio-proxy"');
  });

  it.each<[string, Partial<AdmissionRequest>, string]>([
    ['host network', { object: pod({}, { hostNetwork: true }) }, 'HostNetwork'],
    ['a label', { object: pod({ labels: { 'sidecar.istio.io/inject': 'false' } }) }, 'LabelDisabled'],
    ['an annotation', { object: pod({ annotations: { 'sidecar.istio.io/inject': 'false' } }) }, 'AnnotationDisabled'],
    ['a system namespace', { object: { ...pod(), metadata: {} }, namespace: 'kube-system' }, 'SystemNamespace'],
    ['its own namespace', { object: { ...pod(), metadata: {} }, namespace: 'sailwright-system' }, 'OperatorNamespace'],
    ['an update', { operation: 'UPDATE' }, 'NotACreation'],
    ['another kind', { kind: { group: '', version: 'v1', kind: 'Service' } }, 'NotAPod'],
  ])('lets pass for %s, and says why', async (_, change, verdict) => {
    const { send } = await startWebhook(renderControlPlane());
    expect(send(change)).toEqual({ allowed: true, verdict });
  });

  it('denies a bad annotation by its name and value', async () => {
    const { send } = await startWebhook(renderControlPlane());
    const response = send({ object: pod({ annotations: { 'sidecar.istio.io/proxyCPU': 'lots' } }) });
    expect(response).toMatchObject({ allowed: false, verdict: 'InvalidAnnotation' });
    expect(response.message).toMatch(/sidecar\.istio\.io\/proxyCPU.*"lots"/);
    expect(response.patch).toBeUndefined();
  });

  it.each<[string, AdmissionRequest['object']]>([
    ['no object', null],
    ['no metadata', { spec: { containers: 'x' } }],
    ['a list for labels', { metadata: { labels: ['a'] }, spec: {} }],
  ])('denies a pod that is none: %s', async (_, object) => {
    const { send } = await startWebhook(renderControlPlane());
    expect(send({ object: object ?? null })).toMatchObject({ allowed: false, verdict: 'InvalidPod' });
  });

  it('denies an unknown template', async () => {
    const { send } = await startWebhook(renderControlPlane());
    const response = send({ object: pod({ annotations: { 'inject.istio.io/templates': 'nope' } }) });
    expect(response).toMatchObject({ allowed: false, verdict: 'TemplateFailed' });
    expect(response.message).toContain('nope');
  });

  it('takes cluster and network from the path, also of a revision', async () => {
    const { send } = await startWebhook([...renderControlPlane(), ...renderControlPlane({ revision: 'canary' })]);
    for (const root of ['/inject', '/inject/revision/canary']) {
      const text = patchText(send({}, `${root}/cluster/east--slash--1/net/n%31`));
      expect(text).toContain('"ISTIO_META_CLUSTER_ID","value":"east/1"');
      expect(text).toContain('"ISTIO_META_NETWORK","value":"n1"');
    }
  });
});

describe('several control planes', () => {
  it('serves each revision by its own configuration', async () => {
    const { send } = await startWebhook([
      ...renderControlPlane({ global: { proxy: { logLevel: 'debug' } } }),
      ...renderControlPlane({ revision: 'canary', global: { proxy: { logLevel: 'trace' } } }),
    ]);
    expect(patchText(send())).toContain('--proxyLogLevel=debug');
    expect(patchText(send({}, '/inject/revision/canary'))).toContain('--proxyLogLevel=trace');
  });

  it('denies for a revision that is not there, and names what is missing', async () => {
    const { send } = await startWebhook(renderControlPlane());
    const response = send({}, '/inject/revision/gone');
    expect(response).toMatchObject({ allowed: false, verdict: 'NoConfiguration' });
    expect(response.message).toContain('istio-system/istio-sidecar-injector-gone');
  });
});

describe('a change of the cluster', () => {
  const settled = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

  it('takes effect: values, mesh, nodes, ProxyConfigs, environment', async () => {
    const { api, send } = await startWebhook([...renderControlPlane(), nodeObject('a', 'v1.34.0')]);
    expect(patchText(send())).toContain('"restartPolicy":"Always"');
    api.seed(nodeObject('b', 'v1.28.0'));
    await settled();
    expect(patchText(send())).not.toContain('"restartPolicy":"Always"');
    const values = { global: { proxy: { logLevel: 'debug' } }, meshConfig: { defaultConfig: { concurrency: 7 } } };
    for (const object of renderControlPlane({ ...values, pilot: { env: { ENABLE_NATIVE_SIDECARS: 'true' } } })) {
      api.seed(object);
    }
    await settled();
    const text = patchText(send());
    expect(text).toContain('--proxyLogLevel=debug');
    expect(text).toContain(String.raw`\"concurrency\":7`);
    expect(text).toContain('"restartPolicy":"Always"');
    api.seed({
      apiVersion: 'networking.istio.io/v1beta1',
      kind: 'ProxyConfig',
      metadata: { name: 'few', namespace: 'shop' },
      spec: { concurrency: 3 },
    });
    await settled();
    expect(patchText(send())).toContain(String.raw`\"concurrency\":3`);
  });

  it('that cannot be read leaves the last good configuration in force, and so does a loss', async () => {
    const { api, send } = await startWebhook(renderControlPlane());
    expect(send().allowed).toBe(true);
    const injector = renderControlPlane().find(({ metadata }) => metadata.name === 'istio-sidecar-injector');
    if (!injector) throw new Error('there is no injector configuration');
    api.seed({ ...injector, data: { values: '{', config: '' } });
    await settled();
    expect(send()).toMatchObject({ allowed: true, verdict: 'PolicyEnabled' });
    api.remove({ apiVersion: 'v1', kind: 'ConfigMap', name: 'istio-sidecar-injector', namespace: 'istio-system' });
    await settled();
    expect(send()).toMatchObject({ allowed: true, verdict: 'PolicyEnabled' });
  });

  it('with a template that cannot be read injects the pods that need others, and says what is wrong to those', async () => {
    const broken = renderControlPlane({ meshConfig: { defaultConfig: { concurrency: 7 } } }).map((object) =>
      object.kind === 'ConfigMap' && object.metadata.name === 'istio-sidecar-injector'
        ? { ...object, data: { ...(object['data'] as object), config: '{policy: enabled, templates: {own: "{{"}}' } }
        : object,
    );
    const { send } = await startWebhook(broken);
    expect(send()).toMatchObject({ allowed: true, verdict: 'PolicyEnabled' });
    expect(patchText(send())).toContain(String.raw`\"concurrency\":7`);
    const asking = pod({ annotations: { 'inject.istio.io/templates': 'sidecar,own' } });
    const { allowed, verdict, message } = send({ object: asking });
    expect({ allowed, verdict }).toEqual({ allowed: false, verdict: 'TemplateFailed' });
    expect(message).toContain('template own cannot be read: line 1');
  });

  const meshOf = (text: string): KubeObject[] =>
    renderControlPlane().map((object) =>
      object.kind === 'ConfigMap' && object.metadata.name === 'istio' ? { ...object, data: { mesh: text } } : object,
    );

  it('of the mesh that we refuse and istiod takes is read as istiod reads it', async () => {
    const both = 'defaultConfig: {serviceCluster: a, tracingServiceName: CANONICAL_NAME_ONLY, concurrency: 7}';
    const { send } = await startWebhook(meshOf(both));
    expect(send()).toMatchObject({ allowed: true, verdict: 'PolicyEnabled' });
    expect(patchText(send())).toContain(String.raw`\"tracingServiceName\":\"CANONICAL_NAME_ONLY\"`);
    expect(patchText(send())).not.toContain('serviceCluster');
    expect(patchText(send())).toContain(String.raw`\"concurrency\":7`);
  });

  it.each([
    ['of the wrong type', 'defaultConfig: {concurrency: many}'],
    ['no YAML', '{'],
  ])(
    'to a mesh that cannot be read (%s) leaves pods the last good one, else the defaults of the mesh',
    async (_, text) => {
      const { send: first } = await startWebhook(meshOf(text));
      expect(first()).toMatchObject({ allowed: true, verdict: 'PolicyEnabled' });
      const { api, send } = await startWebhook(meshOf('defaultConfig: {concurrency: 7}'));
      expect(patchText(send())).toContain(String.raw`\"concurrency\":7`);
      for (const object of meshOf(text)) api.seed(object);
      await settled();
      expect(patchText(send())).toContain(String.raw`\"concurrency\":7`);
    },
  );

  it("of the cluster's name leaves its own nodes known", async () => {
    const { api, send } = await startWebhook([
      ...renderControlPlane({ global: { multiCluster: { clusterName: 'east' } } }),
      nodeObject('a', 'v1.34.0'),
    ]);
    expect(patchText(send())).toContain('"restartPolicy":"Always"');
    expect(patchText(send({}, '/inject/cluster/west/net/n'))).not.toContain('"restartPolicy":"Always"');
    const istiod = renderControlPlane().find(({ kind }) => kind === 'Deployment');
    if (!istiod) throw new Error('there is no istiod');
    const env = [{ name: 'CLUSTER_ID', value: 'other' }];
    api.seed({ ...istiod, spec: { template: { spec: { containers: [{ name: 'discovery', env }] } } } });
    await settled();
    expect(patchText(send())).not.toContain('"restartPolicy":"Always"');
  });

  it("of istiod's environment reaches templates", async () => {
    const own =
      'metadata: {annotations: {zone: {{ env "ZONE" "none" | quote }}, team: {{ env "TEAM" "none" | quote }}}}';
    const values = { sidecarInjectorWebhook: { templates: { own } }, pilot: { env: { TEAM: 'a' } } };
    const { api, send } = await startWebhook(renderControlPlane(values));
    const object = pod({ annotations: { 'inject.istio.io/templates': 'own' } });
    expect(patchText(send({ object }))).toContain('"none"');
    const istiod = renderControlPlane(values).find(({ kind }) => kind === 'Deployment');
    if (!istiod) throw new Error('there is no istiod');
    const env = [{ name: 'ZONE', value: 'z1' }];
    api.seed({ ...istiod, spec: { template: { spec: { containers: [{ name: 'discovery', env }] } } } });
    await settled();
    expect(patchText(send({ object }))).toContain('"z1"');
    expect(patchText(send({ object }))).toContain('"a"');
  });

  it('keeps of objects only what injection reads', async () => {
    const managed = { manager: 'somebody', fieldsV1: { 'f:data': {} } };
    const namespace = namespaceObject(
      'shop',
      { team: 'a' },
      { 'openshift.io/sa.scc.uid-range': '1/2', note: 'of no use' },
    );
    const node = nodeObject('a', 'v1.34.0');
    const objects = [namespace, node].map((object) => ({
      ...object,
      metadata: { ...object.metadata, managedFields: [managed] },
    }));
    const { registry: watched } = await startWebhook([...renderControlPlane(), ...objects]);
    const text = JSON.stringify(watched.informers.flatMap((informer) => informer.list()));
    for (const dropped of ['managedFields', 'of no use', 'original-values', 'nodeInfo'])
      expect(text).not.toContain(dropped);
    expect(watched.namespaceOf('shop')?.metadata).toMatchObject({
      labels: { team: 'a' },
      annotations: { 'openshift.io/sa.scc.uid-range': '1/2' },
    });
  });

  it('reaches OpenShift users through the namespace', async () => {
    const namespace = namespaceObject('shop', {}, { 'openshift.io/sa.scc.uid-range': '1000/10' });
    const { send } = await startWebhook([...renderControlPlane({ global: { platform: 'openshift' } }), namespace]);
    expect(patchText(send())).toContain('"runAsUser":1009');
  });
});

describe('revisions of several releases', () => {
  const revision = (name: string, tag: string): KubeObject[] =>
    renderControlPlane({ ...(name === '' ? {} : { revision: name }), global: { tag } }).filter(
      ({ kind }) => kind === 'ConfigMap' || kind === 'Deployment' || kind === 'MutatingWebhookConfiguration',
    );

  it('inject each as its own release does', async () => {
    const { send } = await startWebhook([
      ...revision('', '1.31.4'),
      ...revision('old', '1.30.8'),
      ...revision('new', '1.32.0'),
    ]);
    // 1.31 came to refuse ports that nobody can scrape.
    const scraped = pod({ annotations: { 'prometheus.io/scrape': 'true', 'prometheus.io/port': '15090' } });
    const paths = ['/inject', '/inject/revision/old', '/inject/revision/new'];
    expect(paths.map((path) => send({ object: scraped }, path).allowed)).toEqual([false, true, false]);
    // 1.32 leaves it to Go to find its CPU.
    expect(paths.map((path) => patchText(send({}, path)).includes('GOMAXPROCS'))).toEqual([true, true, false]);
    expect(paths.map((path) => /proxyv2:([\d.]+)/.exec(patchText(send({}, path)))?.[1])).toEqual([
      '1.31.4',
      '1.30.8',
      '1.32.0',
    ]);
  });

  it('follow an upgrade in place', async () => {
    const { send, api } = await startWebhook(revision('', '1.30.8'));
    const hasLimit = (): boolean => patchText(send()).includes('GOMAXPROCS');
    expect(hasLimit()).toBe(true);
    for (const object of revision('', '1.32.0')) api.seed(object);
    await expect.poll(hasLimit).toBe(false);
  });
});
