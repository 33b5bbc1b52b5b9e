import type { JsonObject, KubeObject } from '../../src/core/kube-object.ts';

/** A pod of a Deployment, with a proxy unless told. */
export interface PodWish {
  namespace: string;
  /** Name of the Deployment. */
  of: string;
  /** Tells pods of one Deployment apart. */
  nth?: number;
  labels?: Record<string, string>;
  annotations?: Record<string, string>;
  /** `REVISION@TAG` of its proxy; none without. */
  proxy?: string;
}

export function pod({ namespace, of, nth = 0, labels = {}, annotations = {}, proxy }: PodWish): KubeObject {
  const [revision, tag] = proxy?.split('@') ?? [];
  const hash = '5d8f9c7b6';
  return {
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: {
      name: `${of}-${hash}-${nth}`,
      generateName: `${of}-${hash}-`,
      namespace,
      labels: { app: of, 'pod-template-hash': hash, ...labels },
      annotations: {
        ...(proxy === undefined ? {} : { 'sidecar.istio.io/status': JSON.stringify({ revision }) }),
        ...annotations,
      },
      ownerReferences: [{ apiVersion: 'apps/v1', kind: 'ReplicaSet', name: `${of}-${hash}`, controller: true }],
    },
    spec: {
      containers: [{ name: of, image: `${of}:1` }],
      ...(proxy === undefined
        ? {}
        : { initContainers: [{ name: 'istio-proxy', image: `docker.io/istio/proxyv2:${tag}` }] }),
    },
    status: { phase: 'Running' },
  };
}

export function namespace(name: string, labels: Record<string, string> = {}): KubeObject {
  return { apiVersion: 'v1', kind: 'Namespace', metadata: { name, labels } };
}

/** What a control plane leaves in a cluster, as far as others can see it. */
export function controlPlane(revision: string, release: string): KubeObject[] {
  const suffix = revision === '' ? '' : `-${revision}`;
  const labels = { 'app.kubernetes.io/version': release };
  const metadata = (name: string): KubeObject['metadata'] => ({
    name: `${name}${suffix}`,
    namespace: 'istio-system',
    labels,
  });
  const selector = revision === '' ? { 'istio-injection': 'enabled' } : { 'istio.io/rev': revision };
  return [
    {
      apiVersion: 'v1',
      kind: 'ConfigMap',
      metadata: metadata('istio-sidecar-injector'),
      data: { config: 'policy: enabled', values: '{}' },
    },
    { apiVersion: 'v1', kind: 'ConfigMap', metadata: metadata('istio'), data: { mesh: 'rootNamespace: istio-system' } },
    {
      apiVersion: 'apps/v1',
      kind: 'Deployment',
      metadata: { ...metadata('istiod'), labels: { ...labels, app: 'istiod' } },
      spec: { replicas: 2 },
      status: { readyReplicas: 1 },
    },
    {
      apiVersion: 'admissionregistration.k8s.io/v1',
      kind: 'MutatingWebhookConfiguration',
      metadata: { name: `istio-sidecar-injector${suffix}`, labels: { 'istio.io/rev': revision || 'default' } },
      webhooks: [
        {
          name: 'rev.namespace.sidecar-injector.istio.io',
          failurePolicy: 'Fail',
          clientConfig: {
            caBundle: 'bm90aGluZw==',
            service: {
              name: 'sailwright-webhook',
              namespace: 'sailwright-system',
              path: revision === '' ? '/inject' : `/inject/revision/${revision}`,
            },
          },
          namespaceSelector: { matchLabels: selector },
          rules: [{ operations: ['CREATE'], apiGroups: [''], apiVersions: ['v1'], resources: ['pods'] }],
        },
      ],
    },
  ];
}

/** One of Istio's or Kubernetes' namespaced objects. */
export function object(apiVersion: string, kind: string, name: string, spec: JsonObject): KubeObject {
  const slash = name.indexOf('/');
  const metadata = { name: name.slice(slash + 1), namespace: name.slice(0, slash) };
  return { apiVersion, kind, metadata, spec };
}

/** An IstioOperator with what its operator says of it. */
export function istioOperator(name: string, status: JsonObject): KubeObject {
  return {
    apiVersion: 'install.istio.io/v1alpha1',
    kind: 'IstioOperator',
    metadata: { name, namespace: 'istio-system', generation: 1 },
    spec: { hub: 'registry.example.com/private' },
    status,
  };
}
