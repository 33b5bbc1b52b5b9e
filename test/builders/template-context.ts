import { meshConfigWithDefaults } from '../../src/core/inject/mesh-config.ts';
import { DEFAULT_PROXY_CONFIG } from '../../src/core/inject/proxy-config.ts';
import { DEFAULT_VERSION } from '../../src/core/istio/registry.ts';
import type { TemplateContext } from '../../src/core/inject/template-context.ts';
import type { JsonObject } from '../../src/core/kube-object.ts';

/** Values that a default installation gives the injector, as far as templates read them. */
function injectionValues(): JsonObject {
  return {
    revision: '',
    gateways: {},
    pilot: { cni: { enabled: false, provider: 'default' }, env: {} },
    global: {
      istioNamespace: 'istio-system',
      pilotCertProvider: 'istiod',
      caAddress: '',
      caName: '',
      logging: { level: 'default:info' },
      multiCluster: { clusterName: '' },
      sds: { token: { aud: 'istio-ca' } },
      sts: { servicePort: 0 },
      proxy_init: { image: 'proxyv2' },
      proxy: {
        image: 'proxyv2',
        clusterDomain: 'cluster.local',
        logLevel: 'warning',
        componentLogLevel: 'misc:error',
        includeIPRanges: '*',
        excludeIPRanges: '',
        includeInboundPorts: '*',
        excludeInboundPorts: '',
        includeOutboundPorts: '',
        excludeOutboundPorts: '',
        privileged: false,
        statusPort: 15020,
        readinessInitialDelaySeconds: 0,
        readinessPeriodSeconds: 15,
        readinessFailureThreshold: 4,
        startupProbe: { enabled: true, failureThreshold: 600 },
        resources: { requests: { cpu: '100m' } },
        tracer: 'none',
      },
    },
  };
}

/** What a test changes of a pod that a default installation injects. */
export interface ContextChanges {
  annotations?: Record<string, string>;
  labels?: Record<string, string>;
  context?: Partial<TemplateContext>;
  /** Values by dotted path. */
  values?: Record<string, unknown>;
}

/** The context of a template for a Deployment's pod. */
export function templateContext({
  annotations = {},
  labels = {},
  context,
  values = {},
}: ContextChanges = {}): TemplateContext {
  const all = injectionValues();
  for (const [path, value] of Object.entries(values)) setAt(all, path.split('.'), value);
  return {
    typeMeta: { apiVersion: 'apps/v1', kind: 'Deployment' },
    environment: {},
    deploymentMeta: { name: 'web', namespace: 'demo' },
    metadata: { labels: { app: 'web', ...labels }, annotations },
    spec: {
      containers: [
        { name: 'web', image: 'nginx:1.25', ports: [{ name: 'http', containerPort: 8080, protocol: 'TCP' }] },
      ],
    },
    proxyConfig: DEFAULT_PROXY_CONFIG,
    meshConfig: meshConfigWithDefaults({}),
    values: all,
    revision: '',
    nativeSidecars: false,
    proxyImage: 'hub/proxyv2:tag',
    proxyInitImage: 'hub/proxyv2:tag',
    proxyUid: 1337,
    proxyGid: 1337,
    inboundTrafficPolicyMode: 'passthrough',
    compliancePolicy: '',
    traits: DEFAULT_VERSION.traits,
    ...context,
  };
}

function setAt(target: JsonObject, [key = '', ...rest]: string[], value: unknown): void {
  if (rest.length === 0) target[key] = value as JsonObject;
  else setAt((target[key] ??= {}) as JsonObject, rest, value);
}
