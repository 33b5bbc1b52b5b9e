import { describe, expect, test } from 'vitest';
import { annotationFault, validateAnnotations } from './annotations.ts';

const OUTBOUND = 'traffic.sidecar.istio.io/includeOutboundIPRanges';
const EXCLUDED = 'traffic.sidecar.istio.io/excludeOutboundIPRanges';
const INBOUND = 'traffic.sidecar.istio.io/includeInboundPorts';
const EXCLUDED_PORTS = 'traffic.sidecar.istio.io/excludeInboundPorts';
const INTERFACES = 'traffic.sidecar.istio.io/kubevirtInterfaces';
const CONFIG = 'proxy.istio.io/config';

describe('values that are taken', () => {
  test.each<[string, string]>([
    ['sidecar.istio.io/interceptionMode', 'NONE'],
    ['status.sidecar.istio.io/port', ' 15020 '],
    ['readiness.status.sidecar.istio.io/periodSeconds', '4294967295'],
    [OUTBOUND, '*'],
    [OUTBOUND, ''],
    [OUTBOUND, '10.0.0.0/8,fd00::/8,::ffff:1.2.3.4/96'],
    [INBOUND, ' 80 , 443'],
    [INBOUND, '*'],
    [INTERFACES, 'net1, eth0.1'],
    ['prometheus.istio.io/merge-metrics', 'T'],
    ['sidecar.istio.io/proxyCPU', '1e3'],
    [CONFIG, ''],
    [CONFIG, 'concurrency: -1\nunheardOf: 1'],
    [CONFIG, '{"discovery_address":"istiod.mesh.svc:15012"}'],
    ['traffic.sidecar.istio.io/includeOutboundPorts', 'anything: not checked'],
  ])('%s: %j', (name, value) => {
    expect(annotationFault(name, value)).toBeUndefined();
  });
});

describe('values that are refused', () => {
  test.each<[string, string]>([
    ['sidecar.istio.io/interceptionMode', 'redirect'],
    ['status.sidecar.istio.io/port', '65536'],
    ['readiness.status.sidecar.istio.io/periodSeconds', '-1'],
    ['readiness.status.sidecar.istio.io/periodSeconds', ' 1'],
    [OUTBOUND, '10.0.0.0/8, 10.1.0.0/16'],
    [OUTBOUND, '010.0.0.0/8'],
    [OUTBOUND, '10.0.0.0'],
    [OUTBOUND, '10.0.0.0/33'],
    [OUTBOUND, '10.0.0.0/08'],
    [OUTBOUND, '1:2:3/64'],
    [OUTBOUND, '1.2.3.4::/64'],
    [OUTBOUND, '1::2::3/64'],
    [OUTBOUND, 'fe80::1%eth0/64'],
    [EXCLUDED, '*'],
    [INBOUND, '+80'],
    [INBOUND, '80,'],
    [EXCLUDED_PORTS, '*'],
    [INTERFACES, 'a-name-that-is-too-long'],
    [INTERFACES, 'net1,'],
    [INTERFACES, '1net'],
    ['prometheus.istio.io/merge-metrics', 'yes'],
    ['sidecar.istio.io/proxyMemory', '1 Gi'],
    ['sidecar.istio.io/proxyMemory', '1Gi\n'],
    [CONFIG, '{'],
    [CONFIG, 'just text'],
    [CONFIG, 'drainDuration: 500ms'],
    [CONFIG, 'statusPort: 0'],
    [CONFIG, 'concurrency: many'],
    [CONFIG, 'discoveryAddress: istiod'],
    [CONFIG, 'proxyMetadata: {A: 1}'],
  ])('%s: %j', (name, value) => {
    const fault = annotationFault(name, value);
    expect(fault).toContain(name);
    expect(fault).toContain(JSON.stringify(value));
  });
});

test('all bad annotations are named in one message', () => {
  const bad = { [INBOUND]: 'http', [EXCLUDED]: 'everything', 'sidecar.istio.io/proxyCPU': 'lots', [OUTBOUND]: '*' };
  expect(() => validateAnnotations(bad)).toThrow(
    expect.objectContaining({
      message: expect.stringMatching(
        /includeInboundPorts.*"http".*excludeOutboundIPRanges.*"everything".*proxyCPU.*"lots"/s,
      ) as string,
    }),
  );
});
