import { describe, expect, it, test } from 'vitest';
import { templateContext, type ContextChanges } from '../../../../test/builders/template-context.ts';
import type { JsonObject } from '../../kube-object.ts';
import { InjectionError, type TemplateOutput } from '../template-context.ts';
import { DEFAULT_VERSION } from '../../istio/registry.ts';
import { injectionTemplates } from './index.ts';

function run(name: string, changes: ContextChanges = {}): TemplateOutput {
  const template = injectionTemplates(DEFAULT_VERSION.traits)[name];
  if (!template) throw new Error(`no template ${name}`);
  return template(templateContext(changes));
}

function container(output: TemplateOutput, name: string): JsonObject {
  const lists = [output.spec?.['containers'], output.spec?.['initContainers']] as (JsonObject[] | undefined)[];
  const found = lists.flatMap((list) => list ?? []).find((one) => one['name'] === name);
  if (!found) throw new Error(`no container ${name}`);
  return found;
}

function names(list: unknown): unknown[] {
  return ((list ?? []) as JsonObject[]).map(({ name }) => name);
}

function env(output: TemplateOutput, name: string): unknown {
  const list = container(output, 'istio-proxy')['env'] as JsonObject[];
  return list.find((variable) => variable['name'] === name)?.['value'];
}

function initArgs(changes: ContextChanges): string[] {
  return container(run('sidecar', changes), 'istio-init')['args'] as string[];
}

describe('sidecar', () => {
  test('captures traffic in an init container and runs the proxy beside the application', () => {
    const output = run('sidecar');
    expect(names(output.spec?.['initContainers'])).toEqual(['istio-init']);
    expect(names(output.spec?.['containers'])).toEqual(['istio-proxy']);
    expect(initArgs({}).join(' ')).toBe(
      'istio-iptables -p 15001 -z 15006 -u 1337 -m REDIRECT -i * -x  -b * -d 15090,15021,15020 --log_output_level=default:info',
    );
    expect(container(output, 'istio-proxy')['args']).toEqual([
      'proxy',
      'sidecar',
      '--domain',
      '$(POD_NAMESPACE).svc.cluster.local',
      '--proxyLogLevel=warning',
      '--proxyComponentLogLevel=misc:error',
      '--log_output_level=default:info',
    ]);
  });

  test('keeps its variables in the order in which merging expects them', () => {
    const changes = { context: { proxyConfig: { proxyMetadata: { Z: '1', A: '2' } } } };
    expect(names(container(run('sidecar', changes), 'istio-proxy')['env'])).toEqual([
      ...['PILOT_CERT_PROVIDER', 'CA_ADDR', 'POD_NAME', 'POD_NAMESPACE', 'INSTANCE_IP', 'SERVICE_ACCOUNT', 'HOST_IP'],
      ...['ISTIO_CPU_LIMIT', 'PROXY_CONFIG', 'ISTIO_META_POD_PORTS', 'ISTIO_META_APP_CONTAINERS', 'GOMEMLIMIT'],
      ...['GOMAXPROCS', 'ISTIO_META_CLUSTER_ID', 'ISTIO_META_NODE_NAME', 'ISTIO_META_INTERCEPTION_MODE'],
      ...['ISTIO_META_WORKLOAD_NAME', 'ISTIO_META_OWNER', 'ISTIO_META_MESH_ID', 'TRUST_DOMAIN', 'A', 'Z'],
    ]);
  });

  test('writes configuration, ports and owner as the agent reads them', () => {
    const output = run('sidecar', { context: { proxyConfig: { concurrency: 2 } } });
    expect(env(output, 'PROXY_CONFIG')).toBe('{"concurrency":2}\n');
    expect(env(output, 'ISTIO_META_POD_PORTS')).toBe('[\n    {"name":"http","containerPort":8080,"protocol":"TCP"}\n]');
    expect(env(output, 'ISTIO_META_OWNER')).toBe('kubernetes://apis/apps/v1/namespaces/demo/deployments/web');
  });

  test('is an init container that restarts when sidecars are native', () => {
    const output = run('sidecar', { context: { nativeSidecars: true } });
    expect(names(output.spec?.['initContainers'])).toEqual(['istio-init', 'istio-proxy']);
    expect(output.spec?.['containers']).toBeUndefined();
    expect(container(output, 'istio-proxy')).toMatchObject({
      restartPolicy: 'Always',
      lifecycle: { preStop: { exec: { command: ['pilot-agent', 'request', '--debug-port=15020', 'POST', 'drain'] } } },
    });
  });

  it.each([
    ['true', false, true],
    ['yes', false, true],
    ['false', true, false],
    ['', true, true],
  ])('nativeSidecar annotation %j with default %s: native %s', (value, nativeSidecars, expected) => {
    const changes = { annotations: { 'sidecar.istio.io/nativeSidecar': value }, context: { nativeSidecars } };
    expect(run('sidecar', changes).spec?.['containers'] === undefined).toBe(expected);
  });

  it.each([
    ['traffic.sidecar.istio.io/includeOutboundPorts', '80', '-q', '80'],
    ['traffic.sidecar.istio.io/excludeOutboundPorts', '81', '-o', '81'],
    ['traffic.sidecar.istio.io/excludeInboundPorts', '82', '-d', '15090,15021,82,15020'],
    ['traffic.sidecar.istio.io/excludeInboundPorts', '15020', '-d', '15090,15021,15020'],
    ['traffic.sidecar.istio.io/includeOutboundIPRanges', '10.0.0.0/8', '-i', '10.0.0.0/8'],
    ['istio.io/reroute-virtual-interfaces', 'net1', '-k', 'net1'],
    ['traffic.sidecar.istio.io/excludeInterfaces', 'eth1', '-c', 'eth1'],
    ['status.sidecar.istio.io/port', '0', '-d', '15090,15021'],
  ])('annotation %s=%s gives %s %s', (annotation, value, flag, expected) => {
    const args = initArgs({ annotations: { [annotation]: value } });
    expect(args[args.indexOf(flag) + 1]).toBe(expected);
  });

  test('has no init container without capture, and root rights with TPROXY', () => {
    const none = run('sidecar', { annotations: { 'sidecar.istio.io/interceptionMode': 'NONE' } });
    expect(none.spec?.['initContainers']).toEqual([]);
    const tproxy = run('sidecar', { annotations: { 'sidecar.istio.io/interceptionMode': 'TPROXY' } });
    expect(container(tproxy, 'istio-proxy')['securityContext']).toMatchObject({
      capabilities: { add: ['NET_ADMIN'], drop: ['ALL'] },
      runAsUser: 0,
      runAsGroup: 1337,
    });
  });

  test('checks the network instead of changing it where the CNI plugin is at work', () => {
    const annotations = { 'k8s.v1.cni.cncf.io/networks': '[{"name":"net"}]' };
    const output = run('sidecar', { annotations, values: { 'pilot.cni': { enabled: true, provider: 'multus' } } });
    const validation = container(output, 'istio-validation');
    expect(validation['args']).toContain('--run-validation');
    expect(validation['securityContext']).toMatchObject({ runAsUser: 1337, runAsNonRoot: true });
    expect(output.metadata?.annotations).toMatchObject({
      'sidecar.istio.io/interceptionMode': 'REDIRECT',
      'k8s.v1.cni.cncf.io/networks': '[{"name":"net"}, {"name": "istio-cni", "namespace": "default"}]',
    });
  });

  test('takes resources from annotations alone when there are any, else from the values without nulls', () => {
    const own = run('sidecar', { annotations: { 'sidecar.istio.io/proxyCPULimit': '2' } });
    expect(container(own, 'istio-proxy')['resources']).toEqual({ limits: { cpu: '2' } });
    const values = { 'global.proxy.resources': { requests: { cpu: null }, limits: { memory: '1Gi', cpu: null } } };
    expect(container(run('sidecar', { values }), 'istio-init')['resources']).toEqual({ limits: { memory: '1Gi' } });
  });

  test('drops its probes with the status port 0', () => {
    const output = run('sidecar', { annotations: { 'status.sidecar.istio.io/port': '0' } });
    expect(container(output, 'istio-proxy')['readinessProbe']).toBeUndefined();
    expect(container(run('sidecar'), 'istio-proxy')).toMatchObject({
      readinessProbe: { httpGet: { port: 15021 }, failureThreshold: 4 },
      startupProbe: { failureThreshold: 600 },
    });
  });

  test('adds the volumes and mounts of the annotations', () => {
    const output = run('sidecar', {
      annotations: {
        'sidecar.istio.io/userVolume': '{"b":{"emptyDir":{}},"a":{"secret":{"secretName":"s"}}}',
        'sidecar.istio.io/userVolumeMount': '[{"mountPath":"/x"}]',
      },
    });
    expect(names(output.spec?.['volumes']).slice(-2)).toEqual(['a', 'b']);
    expect((container(output, 'istio-proxy')['volumeMounts'] as JsonObject[]).at(-1)).toEqual({
      name: '0',
      mountPath: '/x',
    });
  });

  test('describes the pod to OpenTelemetry when a provider asks for it', () => {
    const provider = { name: 'otel', opentelemetry: { serviceAttributeEnrichment: 'OTEL_SEMANTIC_CONVENTIONS' } };
    const output = run('sidecar', { context: { meshConfig: { extensionProviders: [provider] } } });
    expect(env(output, 'OTEL_RESOURCE_ATTRIBUTES')).toBe(
      'service.namespace=demo,service.version=1.25,service.instance.id=demo.$(POD_NAME).web',
    );
    expect(env(run('sidecar'), 'OTEL_RESOURCE_ATTRIBUTES')).toBeUndefined();
  });

  test('cuts the canonical name to a label', () => {
    const labels = { 'service.istio.io/canonical-name': `${'a'.repeat(62)}-b` };
    expect(run('sidecar', { labels }).metadata?.labels?.['service.istio.io/canonical-name']).toBe('a'.repeat(62));
  });

  it.each<[string, ContextChanges, string]>([
    [
      'a variable that YAML reads as a boolean',
      { context: { proxyConfig: { proxyMetadata: { y: '1' } } } },
      'name in proxyMetadata: "y" is read as a boolean',
    ],
    [
      'a double quote in proxyMetadata',
      { context: { proxyConfig: { proxyMetadata: { Q: 'a"b' } } } },
      'proxyMetadata Q: "a\\"b" cannot stand',
    ],
    [
      'a double quote in an annotation',
      { annotations: { 'traffic.sidecar.istio.io/includeOutboundPorts': '8"0' } },
      'includeOutboundPorts: "8\\"0"',
    ],
    [
      'a volume annotation that is no JSON',
      { annotations: { 'sidecar.istio.io/userVolume': '{x' } },
      'annotation sidecar.istio.io/userVolume',
    ],
    [
      'values of the wrong type',
      { values: { 'global.proxy.privileged': 'maybe' } },
      'values.global.proxy.privileged: "maybe"',
    ],
    ['a section that is no object', { values: { 'pilot.cni': 5 } }, 'values.pilot.cni: must be an object'],
  ])('denies %s', (_name, changes, message) => {
    expect(() => run('sidecar', changes)).toThrow(InjectionError);
    expect(() => run('sidecar', changes)).toThrow(message);
  });
});

describe('gateway', () => {
  test('is a router in its own container with low ports and no traffic capture', () => {
    const output = run('gateway', { annotations: { 'readiness.status.sidecar.istio.io/periodSeconds': '99' } });
    expect(output.spec?.['initContainers']).toBeUndefined();
    expect(output.spec?.['securityContext']).toEqual({
      sysctls: [{ name: 'net.ipv4.ip_unprivileged_port_start', value: '0' }],
    });
    expect(container(output, 'istio-proxy')).toMatchObject({
      securityContext: { runAsUser: 1337, runAsGroup: 1337 },
      readinessProbe: { periodSeconds: 15 },
    });
    expect(container(output, 'istio-proxy')['resources']).toBeUndefined();
    expect(output.metadata?.labels?.['security.istio.io/tlsMode']).toBeUndefined();
  });
});

describe('gRPC', () => {
  test('the agent serves every container of the application', () => {
    const output = run('grpc-agent');
    expect(names(output.spec?.['containers'])).toEqual(['istio-proxy', 'web']);
    expect(env(output, 'DISABLE_ENVOY')).toBe('true');
    expect(output.metadata?.annotations?.['sidecar.istio.io/rewriteAppHTTPProbers']).toBe('false');
    expect(names(output.spec?.['volumes'])).toContain('istio-xds');
  });

  test('the simple form writes a bootstrap file for every container', () => {
    const output = run('grpc-simple');
    const command = container(output, 'grpc-bootstrap-init')['command'] as string[];
    expect(command[2]).toContain('dns:///istiod.${ISTIO_NAMESPACE}.svc:15010');
    expect(container(output, 'web')['env']).toContainEqual({
      name: 'GRPC_XDS_BOOTSTRAP',
      value: '/var/lib/grpc/data/bootstrap.json',
    });
  });
});

it.each(['waypoint', 'kube-gateway', 'agentgateway', 'agentgateway-waypoint'])('%s is refused for pods', (name) => {
  expect(() => run(name)).toThrow(`template ${name} is for Gateway resources`);
});
