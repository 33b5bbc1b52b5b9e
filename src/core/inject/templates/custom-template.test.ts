import { describe, expect, it, test } from 'vitest';
import { templateContext, type ContextChanges } from '../../../../test/builders/template-context.ts';
import type { JsonObject } from '../../kube-object.ts';
import { DEFAULT_PROXY_CONFIG } from '../proxy-config.ts';
import { InjectionError } from '../template-context.ts';
import { compileTemplate } from './custom-template.ts';

/** What an expression prints. */
function shown(expression: string, changes: ContextChanges = {}): unknown {
  const template = compileTemplate(`metadata:\n  annotations:\n    shown: {{ (print (${expression})) | toJson }}`);
  return template(templateContext(changes)).metadata?.annotations?.['shown'];
}

describe('data', () => {
  it.each<[string, string]>([
    ['.ObjectMeta.Labels.app', 'web'],
    ['index .ObjectMeta.Labels "none"', ''],
    ['.DeploymentMeta.Name', 'web'],
    ['.TypeMeta.Kind', 'Deployment'],
    ['(index .Spec.Containers 0).Name', 'web'],
    ['(index (index .Spec.Containers 0).Ports 0).ContainerPort', '8080'],
    ['.Spec.ServiceAccountName', ''],
    ['len .Spec.InitContainers', '0'],
    ['.ProxyConfig.GetStatusPort', '15020'],
    ['.ProxyConfig.StatusPort', '15020'],
    ['.ProxyConfig.InterceptionMode.String', 'REDIRECT'],
    ['.ProxyConfig.GetTracing.GetTlsSettings.GetCaCertificates', ''],
    ['.ProxyConfig.HoldApplicationUntilProxyStarts.GetValue', 'false'],
    ['formatDuration .ProxyConfig.DrainDuration', '45s'],
    ['.MeshConfig.TrustDomain', 'cluster.local'],
    ['.MeshConfig.GetEnableAutoMtls.GetValue', 'true'],
    ['.Values.global.proxy.statusPort', '15020'],
    ['.ProxyUID', '1337'],
    ['.NativeSidecars', 'false'],
  ])('%s is %j', (expression, expected) => {
    expect(shown(expression)).toBe(expected);
  });

  it.each([
    ['.ServiceAccount', 'has no field ServiceAccount'],
    ['.Spec.serviceAccountName', 'has no field serviceAccountName'],
    ['.ProxyConfig.Tracing.TlsSettings', 'of an unset *v1alpha1.Tracing'],
    ['.Values.global.hub.x', 'has no field x'],
  ])('%s is an error', (expression, message) => {
    expect(() => shown(expression, { values: { 'global.hub': 'h' } })).toThrow(message);
  });
});

describe('fields of the pod as Go has them', () => {
  const spec: JsonObject = {
    containers: [
      {
        name: 'web',
        resources: { limits: { cpu: '2', memory: '1Gi' } },
        livenessProbe: { httpGet: { path: '/', port: 'http' }, periodSeconds: 5 },
        readinessProbe: { tcpSocket: { port: 80 } },
        securityContext: { runAsUser: 5, privileged: true },
        command: ['a', 'b'],
      },
    ],
    nodeSelector: { zone: 'a' },
    hostNetwork: true,
    terminationGracePeriodSeconds: 30,
    automountServiceAccountToken: false,
  };

  it.each<[string, string]>([
    ['.Spec.HostNetwork', 'true'],
    ['.Spec.HostPID', 'false'],
    ['.Spec.NodeSelector.zone', 'a'],
    ['.Spec.TerminationGracePeriodSeconds', '30'],
    ['.Spec.ActiveDeadlineSeconds', '<nil>'],
    ['.Spec.AutomountServiceAccountToken', 'false'],
    ['(index .Spec.Containers 0).Command', '[a b]'],
    ['(index .Spec.Containers 0).Args', '[]'],
    ['(index .Spec.Containers 0).LivenessProbe.PeriodSeconds', '5'],
    ['(index .Spec.Containers 0).LivenessProbe.FailureThreshold', '0'],
    ['(index .Spec.Containers 0).LivenessProbe.HTTPGet.Port.String', 'http'],
    ['(index .Spec.Containers 0).ReadinessProbe.TCPSocket.Port.String', '80'],
    ['(index .Spec.Containers 0).StartupProbe', '<nil>'],
    ['(index .Spec.Containers 0).SecurityContext.RunAsUser', '5'],
    ['(index .Spec.Containers 0).SecurityContext.Privileged', 'true'],
    ['(index .Spec.Containers 0).Resources.Limits.cpu', '2'],
    ['toJSON .Spec.NodeSelector', '{"zone":"a"}'],
    ['structToJSON (index .Spec.Containers 0).SecurityContext', '{"privileged":true,"runAsUser":5}'],
  ])('%s is %j', (expression, expected) => {
    expect(shown(expression, { context: { spec } })).toBe(expected);
  });

  it.each<[string, string]>([
    ['.ProxyConfig.ProxyMetadata.A', 'b'],
    ['.ProxyConfig.Concurrency.GetValue', '2'],
    ['.ProxyConfig.Image.GetImageType', 'debug'],
    ['.ProxyConfig.ReadinessProbe.GetPeriodSeconds', '7'],
    ['.ProxyConfig.Tracing.Sampling', '1.5'],
    ['.ProxyConfig.Tracing.GetZipkin.GetAddress', 'z:9411'],
    ['.ProxyConfig.ExtraStatTags', '[a b]'],
    ['.ProxyConfig.InterceptionMode', 'TPROXY'],
    ['.ProxyConfig.DrainDuration.GetSeconds', '1'],
    ['.ProxyConfig.DrainDuration.GetNanos', '500000000'],
    ['.ProxyConfig.TerminationDrainDuration.GetSeconds', '0'],
  ])('%s is %j', (expression, expected) => {
    const proxyConfig = {
      ...DEFAULT_PROXY_CONFIG,
      proxyMetadata: { A: 'b' },
      concurrency: 2,
      image: { imageType: 'debug' },
      readinessProbe: { periodSeconds: 7 },
      tracing: { sampling: 1.5, zipkin: { address: 'z:9411' } },
      extraStatTags: ['a', 'b'],
      interceptionMode: 'TPROXY',
      drainDuration: '1.5s',
      terminationDrainDuration: undefined,
    } as unknown as typeof DEFAULT_PROXY_CONFIG;
    expect(shown(expression, { context: { proxyConfig } })).toBe(expected);
  });
});

describe("Istio's functions", () => {
  it.each<[string, string]>([
    ['annotation .ObjectMeta "a" 5', 'x'],
    ['annotation .ObjectMeta "none" .Values.global.proxy.statusPort', '15020'],
    ['annotation .ObjectMeta "none" .Values.nothing', '<nil>'],
    ['isset .ObjectMeta.Annotations "a"', 'true'],
    ['contains "/" "a/b"', 'true'],
    ['directory "/etc/certs/ca.pem"', '/etc/certs/'],
    ['toLower "ABC"', 'abc'],
    ['excludeInboundPort "15020" "80"', '80,15020'],
    ['excludeInboundPort 0 "80"', '80'],
    ['includeInboundPorts .Spec.Containers', '8080'],
    ['applicationPorts .Spec.Containers', '8080'],
    ['kubevirtInterfaces "net1"', 'net1'],
    ['excludeInterfaces "eth1"', 'eth1'],
    ['valueOrDefault "" "d"', 'd'],
    ['valueOrDefault 0 "d"', '0'],
    ['valueOrDefault .Values.nothing "d"', 'd'],
    ['toJSON .ObjectMeta.Annotations', '{"a":"x"}'],
    ['(fromJSON "{\\"k\\":[1]}").k', '[1]'],
    ['fromJSON "{"', '{}'],
    [
      'structToJSON (index (index .Spec.Containers 0).Ports 0)',
      '{"name":"http","containerPort":8080,"protocol":"TCP"}',
    ],
    ['protoToJSON .ProxyConfig', '{}'],
    ['toYaml (dict "b" (list "y" 1) "a" "x")', 'a: x\nb:\n- "y"\n- 1\n'],
    ['indent 2 "a\\nb"', 'a\n  b'],
    ['appendMultusNetwork "" "default/istio-cni"', 'default/istio-cni'],
    ['appendMultusNetwork "net" "default/istio-cni"', 'net, default/istio-cni'],
    ['omit (strdict "a" "1" "b" "2") "a"', 'map[b:2]'],
    ['strdict "a"', 'map[a:]'],
    ['toJsonMap (strdict "a" "1") (strdict "a" "2")', '{"a":"2"}'],
    ['mergeMaps (strdict "a" "1") (strdict "b" "2")', 'map[a:1 b:2]'],
    ['omitNil (fromJSON "{\\"a\\":null,\\"b\\":{\\"c\\":null},\\"d\\":1}")', 'map[d:1]'],
    ['otelResourceAttributes .MeshConfig .ObjectMeta.Annotations .ObjectMeta.Labels "ns" .Spec.Containers', ''],
    ['env "SET" "d"', 'from values'],
    ['env "UNSET" "d"', 'd'],
  ])('%s is %j', (expression, expected) => {
    expect(shown(expression, { annotations: { a: 'x' }, values: { 'pilot.env.SET': 'from values' } })).toBe(expected);
  });
});

describe('results', () => {
  test('are the metadata and spec of a pod', () => {
    const template = compileTemplate(`
spec:
  containers:
  {{- range $index, $container := .Spec.Containers }}
  - name: {{ $container.Name }}
    env:
    - name: INDEX
      value: "{{ $index }}"
  {{- end }}
  volumes:
  - name: workload-socket
    csi: {driver: csi.spiffe.io, readOnly: yes}
`);
    expect(template(templateContext())).toEqual({
      spec: {
        containers: [{ name: 'web', env: [{ name: 'INDEX', value: '0' }] }],
        volumes: [{ name: 'workload-socket', csi: { driver: 'csi.spiffe.io', readOnly: true } }],
      },
    });
  });

  test('may be nothing', () => {
    expect(compileTemplate('{{/* nothing */}}')(templateContext())).toEqual({});
  });

  test('of one pod do not leak into the next', () => {
    const template = compileTemplate(
      '{{ $_ := set .Values "seen" (add 1 (default 0 .Values.seen)) }}metadata: {name: "{{ .Values.seen }}"}',
    );
    const context = templateContext();
    expect([template(context), template(context)].map(({ metadata }) => metadata?.name)).toEqual(['1', '1']);
  });

  it.each([
    ['- a', 'must be an object with metadata and spec'],
    ['spec: 5', 'spec in the result of the template must be an object'],
    ['a: "b" c"', 'the result of the template is not YAML: line 1: '],
    ['{{ fail "wrong pod" }}', 'the template fails for this pod: line 1: fail: wrong pod'],
  ])('%j is denied', (source, message) => {
    const template = compileTemplate(source);
    expect(() => template(templateContext())).toThrow(InjectionError);
    expect(() => template(templateContext())).toThrow(message);
  });

  it.each([
    ['{{ now }}', 'function now is not available'],
    ['{{ genCA "a" 1 }}', 'function genCA is not available'],
    ['{{ if }}', 'the template cannot be read: line 1'],
  ])('%j cannot be compiled', (source, message) => {
    expect(() => compileTemplate(source)).toThrow(InjectionError);
    expect(() => compileTemplate(source)).toThrow(message);
  });
});
