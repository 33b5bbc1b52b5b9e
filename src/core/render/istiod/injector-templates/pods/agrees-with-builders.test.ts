import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { compileInjectionConfig, type CompiledInjectionConfig } from '../../../../inject/compile-injection-config.ts';
import { inject, type InjectionResult } from '../../../../inject/inject.ts';
import type { InjectionConfig } from '../../../../inject/injection-config.ts';
import type { Pod } from '../../../../inject/template-context.ts';
import { ISTIO_VERSIONS } from '../../../../istio/registry.ts';
import type { JsonObject } from '../../../../kube-object.ts';
import { DEFAULT_PROFILE, renderInjection } from '../../../render-injection.ts';
import type { Form } from '../../../../components.ts';
import { findRelease } from '../../../../istio/find-release.ts';
import { podTemplates } from '../index.ts';

/** The newest of each minor, and one from before annotations were quoted. */
const RELEASES = [...ISTIO_VERSIONS.map(({ defaultTag }) => defaultTag), '1.31.0'];

/** The same configuration with the builders, and with their text in place of them. */
function bothForms(config: InjectionConfig): CompiledInjectionConfig[] {
  const texts = podTemplates(findRelease(config.version).traits);
  return [compileInjectionConfig(config), compileInjectionConfig({ ...config, templates: texts })];
}

/** What a user of the pod notices. */
function outcome(result: InjectionResult): unknown {
  return result.outcome === 'injected' ? { outcome: result.outcome, pod: result.pod } : { outcome: result.outcome };
}

const anyOf = <T>(...values: T[]): fc.Arbitrary<T> => fc.constantFrom(...values);
const sidecar = 'sidecar.istio.io';
const traffic = 'traffic.sidecar.istio.io';

const annotations = fc.record(
  {
    [`${sidecar}/interceptionMode`]: anyOf('REDIRECT', 'TPROXY', 'NONE'),
    [`${sidecar}/nativeSidecar`]: anyOf('true', 'false', ''),
    [`${sidecar}/capNetBindService`]: anyOf('true', 'false'),
    [`${sidecar}/logLevel`]: anyOf('debug', 'true', 'a:b,c:d', '"'),
    [`${sidecar}/agentLogLevel`]: anyOf('all:debug', '1', 'a\\b'),
    [`${sidecar}/bootstrapOverride`]: anyOf('boot', '123', ''),
    [`${sidecar}/proxyImage`]: anyOf('hub/own:1', 'none', 'h/\u00e9'),
    [`${sidecar}/proxyCPU`]: anyOf('1', '250m'),
    [`${sidecar}/proxyMemoryLimit`]: anyOf('1Gi'),
    [`${sidecar}/userVolume`]: anyOf(
      '{"v":{"secret":{"secretName":"s"}}}',
      '[{"emptyDir":{}}]',
      'null',
      '{"v":{}}',
      '{',
    ),
    [`${sidecar}/userVolumeMount`]: anyOf('{"v":{"mountPath":"/v","readOnly":true}}'),
    [`${traffic}/includeOutboundIPRanges`]: anyOf('10.0.0.0/8', ''),
    [`${traffic}/excludeInboundPorts`]: anyOf('1,2', '15020', ''),
    [`${traffic}/includeOutboundPorts`]: anyOf('80', '', '"'),
    [`${traffic}/excludeOutboundPorts`]: anyOf('81'),
    [`${traffic}/kubevirtInterfaces`]: anyOf('net1', ''),
    [`${traffic}/excludeInterfaces`]: anyOf('eth1'),
    'istio.io/reroute-virtual-interfaces': anyOf('net2'),
    'status.sidecar.istio.io/port': anyOf('0', '15021', ' 5 '),
    'readiness.status.sidecar.istio.io/periodSeconds': anyOf('7'),
    'k8s.v1.cni.cncf.io/networks': anyOf('a', '["b"]', 'default/istio-cni'),
    'kubectl.kubernetes.io/default-container': anyOf('web'),
    'proxy.istio.io/config': anyOf(
      'proxyMetadata: { A: b, ISTIO_META_ENABLE_HBONE: "true" }',
      'proxyMetadata: { IPTABLES_TRACE_LOGGING: "true", n: "" }',
      'holdApplicationUntilProxyStarts: true',
      'interceptionMode: TPROXY',
      'tracing: { tlsSettings: { caCertificates: /etc/l/ca.pem } }',
    ),
    'apm.datadoghq.com/env': anyOf('{"DD_A":"x","DD_B":1}', '{}'),
    'resource.opentelemetry.io/service.version': anyOf('v9'),
    'inject.istio.io/templates': anyOf('sidecar', 'gateway', 'grpc-agent', 'grpc-simple', 'grpc-agent,grpc-simple'),
  },
  { requiredKeys: [] },
);

const labels = fc.record(
  {
    app: anyOf('web', `-${'x'.repeat(61)}_y`),
    version: anyOf('v1'),
    'security.istio.io/tlsMode': anyOf('disabled'),
    'service.istio.io/canonical-name': anyOf('called', 'true'),
    'service.istio.io/workload-name': anyOf('work'),
    'networking.istio.io/tunnel': anyOf('none'),
  },
  { requiredKeys: [] },
);

const containers = fc.uniqueArray(anyOf('web', 'log', 'istio-proxy', 'true'), { minLength: 1 }).chain((names) =>
  fc.tuple(
    ...names.map((name) =>
      fc.record(
        {
          name: fc.constant(name),
          image: anyOf('auto', 'repo/app:3'),
          ports: anyOf<JsonObject[]>([], [{ containerPort: 80 }, { name: 'h', containerPort: 81, protocol: 'UDP' }]),
          env: anyOf<JsonObject[]>([{ name: 'A', value: '1' }]),
          securityContext: anyOf<JsonObject>({ runAsUser: 12 }),
        },
        { requiredKeys: ['name', 'image'] },
      ),
    ),
  ),
);

const pods: fc.Arbitrary<Pod> = fc.record({
  metadata: fc.record({ name: anyOf('web', ''), namespace: fc.constant('demo'), annotations, labels }),
  spec: fc.record(
    {
      containers: containers,
      initContainers: anyOf<JsonObject[]>([], [{ name: 'prepare', image: 'i' }]),
      serviceAccountName: anyOf('account', '123'),
    },
    { requiredKeys: ['containers'] },
  ),
});

const proxyValues = fc.record(
  {
    tracer: anyOf('datadog', 'lightstep', 'none'),
    privileged: anyOf(true),
    holdApplicationUntilProxyStarts: anyOf(true),
    outlierLogPath: anyOf('/dev/stdout'),
    includeOutboundPorts: anyOf('90', ''),
    seccompProfile: anyOf<JsonObject>({ type: 'RuntimeDefault' }),
    lifecycle: anyOf<JsonObject>({ preStop: { exec: { command: ['a'] } } }),
    resources: anyOf<JsonObject | null>(null, { requests: { cpu: null, memory: '1Mi' } }, { limits: null }),
    startupProbe: anyOf<JsonObject>({ enabled: false }),
    image: anyOf('full/image:1'),
  },
  { requiredKeys: [] },
);

const globals = fc.record(
  {
    caAddress: anyOf('ca.example:1', ''),
    caName: anyOf('GkeWorkloadCertificate'),
    pilotCertProvider: anyOf('kubernetes', 'istiod'),
    network: anyOf('net', ''),
    meshID: anyOf('m1'),
    logAsJson: anyOf(true),
    nativeNftables: anyOf(true),
    mountMtlsCerts: anyOf(true),
    imagePullPolicy: anyOf('Always'),
    imagePullSecrets: anyOf(['pull'], []),
    trustBundleName: anyOf('bundle'),
    multiCluster: anyOf<JsonObject>({ clusterName: 'c1' }),
    sts: anyOf<JsonObject>({ servicePort: 99 }),
    proxy_init: anyOf<JsonObject>({ image: 'full/init:1' }, { forceApplyIptables: true }),
    proxy: proxyValues,
  },
  { requiredKeys: [] },
);

const USUAL_PROXY: JsonObject = {
  autoInject: 'enabled',
  clusterDomain: 'cluster.local',
  componentLogLevel: 'misc:error',
  excludeIPRanges: '',
  excludeInboundPorts: '',
  excludeOutboundPorts: '',
  image: 'proxyv2',
  includeIPRanges: '*',
  includeInboundPorts: '*',
  includeOutboundPorts: '',
  logLevel: 'warning',
  privileged: false,
  readinessFailureThreshold: 4,
  readinessInitialDelaySeconds: 0,
  readinessPeriodSeconds: 15,
  resources: { requests: { cpu: '100m' } },
  startupProbe: { enabled: true, failureThreshold: 600 },
  statusPort: 15020,
};

const USUAL_GLOBAL: JsonObject = {
  hub: 'hub',
  tag: '1.2.3',
  istioNamespace: 'istio-system',
  logging: { level: 'default:info' },
  pilotCertProvider: 'istiod',
  sds: { token: { aud: 'istio-ca' } },
};

const configs: fc.Arbitrary<InjectionConfig> = fc
  .record({
    version: fc.constantFrom(...RELEASES),
    global: globals,
    cni: anyOf<JsonObject>({}, { enabled: true, provider: 'default' }, { enabled: true, provider: 'multus' }),
    pilotEnv: anyOf<JsonObject>({}, { ENABLE_CLUSTER_TRUST_BUNDLE_API: true }),
    revision: anyOf('', 'canary'),
    gateways: anyOf<JsonObject>({}, { securityContext: { runAsUser: 5 } }),
    env: anyOf<Record<string, string>>(
      {},
      { PLATFORM: 'openshift' },
      { ENABLE_NATIVE_SIDECARS: 'true', COMPLIANCE_POLICY: 'fips-140-3' },
    ),
    meshConfig: anyOf<JsonObject>(
      {},
      { trustDomain: 'td', inboundTrafficPolicy: { mode: 'LOCALHOST' }, proxyListenPort: 15101 },
      {
        extensionProviders: [
          {
            name: 'o',
            opentelemetry: { service: 's', port: 1, serviceAttributeEnrichment: 'OTEL_SEMANTIC_CONVENTIONS' },
          },
        ],
      },
    ),
  })
  .map(({ global, cni, pilotEnv, revision, gateways, ...rest }) => ({
    ...rest,
    revision,
    values: {
      revision,
      gateways,
      pilot: { cni, env: pilotEnv },
      sidecarInjectorWebhook: { rewriteAppHTTPProbe: true },
      global: { ...USUAL_GLOBAL, ...global, proxy: { ...USUAL_PROXY, ...global.proxy } },
    },
  }));

/** User and group of a namespace of OpenShift; nobody else reads them. */
const OPENSHIFT = { 'openshift.io/sa.scc.uid-range': '1000/50', 'openshift.io/sa.scc.supplemental-groups': '2000/9' };

describe('the text of the templates', () => {
  it('is in the manifests of upstream, and in none of ours', () => {
    const names = (form: Form): string[] => {
      const rendered = renderInjection(DEFAULT_PROFILE, { form });
      return rendered.ok ? Object.keys(rendered.value.config.templates ?? {}).sort() : [];
    };
    expect(names('upstream')).toEqual(['gateway', 'grpc-agent', 'grpc-simple', 'sidecar']);
    expect(names('sailwright')).toEqual([]);
  });

  it('makes of every pod what the builders make of it', () => {
    let injected = 0;
    const property = fc.property(fc.array(pods, { minLength: 4, maxLength: 8 }), configs, (some, config) => {
      const forms = bothForms(config);
      for (const pod of some) {
        const [built, read] = forms.map((form) =>
          outcome(inject({ pod, namespace: 'demo', namespaceAnnotations: OPENSHIFT }, form)),
        );
        injected += (built as { outcome: string }).outcome === 'injected' ? 1 : 0;
        expect(read).toEqual(built);
      }
    });
    fc.assert(property, { numRuns: 60 });
    expect(injected).toBeGreaterThan(60);
  });
});
