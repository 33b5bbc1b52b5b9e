import { describe, expect, test } from 'vitest';
import type { JsonObject } from '../kube-object.ts';
import { compileInjectionConfig } from './compile-injection-config.ts';
import { inject } from './inject.ts';
import { fileInjectionConfig, injectDocument } from './kube-inject.ts';
import type { InjectionTemplate, Pod } from './template-context.ts';

const template: InjectionTemplate = ({ deploymentMeta, typeMeta, meshConfig }) => ({
  metadata: { labels: { owner: `${typeMeta.kind}/${deploymentMeta.name}` } },
  spec: {
    containers: [
      {
        name: 'istio-proxy',
        env: [{ name: 'PORT', value: JSON.stringify((meshConfig['defaultConfig'] as JsonObject)['statusPort']) }],
      },
    ],
  },
});
const compiled = compileInjectionConfig({ values: {}, policy: 'disabled' });
const config = fileInjectionConfig({ ...compiled, templates: new Map([['sidecar', template]]) });

const pod = (annotations?: Record<string, string>): JsonObject => ({
  ...(annotations ? { metadata: { annotations } } : {}),
  spec: { containers: [{ name: 'app' }] },
});
const workload = (apiVersion: string, kind: string, template = pod()): JsonObject => ({
  apiVersion,
  kind,
  metadata: { name: 'web' },
  spec: { replicas: 2, template },
});

describe('workloads of files', () => {
  test.each([
    ['apps/v1', 'Deployment'],
    ['apps/v1', 'StatefulSet'],
    ['apps/v1', 'DaemonSet'],
    ['apps/v1', 'ReplicaSet'],
    ['batch/v1', 'Job'],
    ['v1', 'ReplicationController'],
    ['apps.openshift.io/v1', 'DeploymentConfig'],
  ])('%s %s: its pods are injected, the rest stays', (apiVersion, kind) => {
    const { document } = injectDocument(workload(apiVersion, kind), config);
    expect(document).toMatchObject({
      metadata: { name: 'web' },
      spec: {
        replicas: 2,
        template: {
          metadata: { labels: { owner: `${kind}/web` } },
          spec: { containers: [{ name: 'app' }, { name: 'istio-proxy' }] },
        },
      },
    });
  });
  test('a CronJob: labels go to the job, containers to its pods', () => {
    const cron = {
      apiVersion: 'batch/v1',
      kind: 'CronJob',
      metadata: { name: 'tidy' },
      spec: { jobTemplate: { spec: { template: pod() } } },
    };
    expect(injectDocument(cron, config).document).toMatchObject({
      spec: {
        jobTemplate: {
          metadata: { labels: { owner: 'CronJob/tidy' } },
          spec: { template: { spec: { containers: [{}, { name: 'istio-proxy' }] } } },
        },
      },
    });
  });
  test('a List: every workload in it', () => {
    const service = { apiVersion: 'v1', kind: 'Service', metadata: { name: 's' } };
    const { document, workloads } = injectDocument(
      { apiVersion: 'v1', kind: 'List', items: [service, workload('apps/v1', 'Deployment')] },
      config,
    );
    expect((document['items'] as JsonObject[])[0]).toBe(service);
    expect(workloads.map(({ kind, result }) => [kind, result.outcome])).toEqual([['Deployment', 'injected']]);
  });
  test.each<[string, JsonObject]>([
    ['another kind', { apiVersion: 'v1', kind: 'Service', metadata: { name: 's' } }],
    ['an old API version', workload('extensions/v1beta1', 'Deployment')],
    ['a pod that opts out', { apiVersion: 'v1', kind: 'Pod', ...pod({ 'sidecar.istio.io/inject': 'false' }) }],
    [
      'a pod on the network of its node',
      { apiVersion: 'v1', kind: 'Pod', spec: { hostNetwork: true, containers: [] } },
    ],
  ])('%s stays the same object', (_title, document) => {
    expect(injectDocument(document, config).document).toBe(document);
  });
});

test('in files the annotation moves the status port of the mesh too', () => {
  const { document } = injectDocument(
    workload('apps/v1', 'Deployment', pod({ 'proxy.istio.io/config': 'statusPort: 1234' })),
    config,
  );
  expect(document).toMatchObject({
    spec: {
      template: {
        metadata: { annotations: { 'prometheus.io/port': '1234' } },
        spec: { containers: [{}, { env: [{ name: 'PORT', value: '1234' }] }] },
      },
    },
  });
});

test('a bad annotation names itself and leaves the document alone', () => {
  const deployment = workload('apps/v1', 'Deployment', pod({ 'proxy.istio.io/config': '{' }));
  const { document, workloads } = injectDocument(deployment, config);
  expect(document).toBe(deployment);
  expect(workloads[0]?.result).toMatchObject({
    outcome: 'denied',
    message: expect.stringContaining('proxy.istio.io/config') as string,
  });
});

describe('a pod in a file', () => {
  const VALUES: JsonObject = {
    global: {
      hub: 'h',
      tag: 't',
      proxy: {
        autoInject: 'enabled',
        image: 'p',
        privileged: false,
        readinessInitialDelaySeconds: 0,
        readinessPeriodSeconds: 15,
        readinessFailureThreshold: 4,
        resources: { Requests: { cpu: '10m' } },
      },
    },
    sidecarInjectorWebhook: { rewriteAppHTTPProbe: true },
  };
  const app = { name: 'app', image: 'app', livenessProbe: { httpGet: { path: '/', port: 80 } }, resources: {} };

  test.each<[string, Record<string, string>, JsonObject]>([
    ['nothing of its own', {}, {}],
    ['user volumes', { 'sidecar.istio.io/userVolume': '{"v":{"configmap":{"name":"w"}}}' }, {}],
    ['a proxy of its own', {}, { containers: [app, { name: 'istio-proxy', image: 'auto', args: ['x'] }] }],
    ['a classic sidecar', { 'sidecar.istio.io/nativeSidecar': 'false' }, {}],
    ['a proxy configuration', { 'proxy.istio.io/config': '{concurrency: 3, proxyMetadata: {A: b}}' }, {}],
    ['scraping', { 'prometheus.io/scrape': 'true', 'prometheus.io/port': '80' }, {}],
    ['a bad annotation', { 'sidecar.istio.io/proxyCPU': 'lots' }, {}],
  ])('with %s is injected as the webhook does it', (_title, annotations, spec) => {
    const nodes = [{ name: 'n', kubeletVersion: 'v1.34.0' }];
    const full = compileInjectionConfig({ values: VALUES, nodes });
    const document: JsonObject = {
      apiVersion: 'v1',
      kind: 'Pod',
      metadata: { name: 'web', namespace: 'shop', annotations },
      spec: { containers: [app], ...spec },
    };
    const byWebhook = inject({ pod: document as unknown as Pod, namespace: 'shop' }, full);
    const { document: byFile, workloads } = injectDocument(document, fileInjectionConfig(full));
    expect(workloads[0]?.result.outcome).toBe(byWebhook.outcome);
    if (byWebhook.outcome === 'injected') expect(byFile).toEqual(byWebhook.pod);
  });
});
