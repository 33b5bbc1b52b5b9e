import fc from 'fast-check';
import { expect, test } from 'vitest';
import { templateContext, type ContextChanges } from '../../../../test/builders/template-context.ts';
import { ISTIO_VERSIONS } from '../../istio/registry.ts';
import { meshConfigWithDefaults } from '../mesh-config.ts';
import { DEFAULT_PROXY_CONFIG } from '../proxy-config.ts';
import type { TemplateContext, TemplateOutput } from '../template-context.ts';
import { sidecar } from './sidecar.ts';

const { values: VALUES, meshConfig: MESH } = templateContext();
const MOUNTED = templateContext({ values: { 'global.mountMtlsCerts': true } }).values;
const CNI = templateContext({ values: { 'pilot.cni.enabled': true } }).values;
const LOCAL_MESH = meshConfigWithDefaults({ trustDomain: 'other.local' });
const FEW_THREADS = { ...DEFAULT_PROXY_CONFIG, concurrency: 2, proxyMetadata: { ZONE: 'a' } };

/** Each changes what a sidecar is made of. */
const CHANGES: Record<string, Partial<TemplateContext>> = {
  'the values': { values: CNI },
  'the mesh': { meshConfig: LOCAL_MESH },
  'the ProxyConfig': { proxyConfig: FEW_THREADS },
  'the revision': { revision: 'canary' },
  'native sidecars': { nativeSidecars: true },
  'the image': { proxyImage: 'hub/proxyv2:other' },
  'the image of the init container': { proxyInitImage: 'hub/proxyv2:other' },
  'the user': { proxyUid: 7 },
  'the group': { proxyGid: 7 },
  'the inbound policy': { inboundTrafficPolicyMode: 'localhost' },
  'the compliance policy': { compliancePolicy: 'fips-140-3' },
};
const ANNOTATIONS: Record<string, string>[] = [
  { 'sidecar.istio.io/agentLogLevel': 'default:debug' },
  { 'sidecar.istio.io/logLevel': 'debug' },
  { 'sidecar.istio.io/componentLogLevel': 'misc:debug' },
  { 'sidecar.istio.io/proxyImage': 'own/proxy:1' },
  { 'sidecar.istio.io/nativeSidecar': 'true' },
  { 'sidecar.istio.io/capNetBindService': 'true' },
  { 'sidecar.istio.io/interceptionMode': 'TPROXY' },
  { 'sidecar.istio.io/bootstrapOverride': 'own' },
  { 'sidecar.istio.io/proxyCPU': '1' },
  { 'sidecar.istio.io/proxyMemoryLimit': '1Gi' },
  { 'sidecar.istio.io/userVolume': '{"v":{"emptyDir":{}}}' },
  { 'sidecar.istio.io/userVolumeMount': '{"v":{"mountPath":"/v"}}' },
  { 'status.sidecar.istio.io/port': '0' },
  { 'readiness.status.sidecar.istio.io/periodSeconds': '3' },
  { 'traffic.sidecar.istio.io/includeOutboundIPRanges': '10.0.0.0/8' },
  { 'traffic.sidecar.istio.io/excludeInboundPorts': '81' },
  { 'traffic.sidecar.istio.io/excludeInterfaces': 'eth1' },
  { 'traffic.sidecar.istio.io/kubevirtInterfaces': 'eth2' },
  { 'istio.io/reroute-virtual-interfaces': 'eth3' },
];

/** What is made for values that were never met, of which nothing is kept. */
function madeAnew(context: TemplateContext): TemplateOutput {
  return sidecar({ ...context, values: structuredClone(context.values) });
}

function context(changes: ContextChanges): TemplateContext {
  return templateContext({ ...changes, context: { values: VALUES, meshConfig: MESH, ...changes.context } });
}

/** Asks until the parts are kept. */
function keep(context: TemplateContext): void {
  for (let i = 0; i < 3; i += 1) sidecar(context);
}

test.each(Object.entries(CHANGES))('a pod for which %s differs gets parts of its own', (_, change) => {
  const changed = context({ context: change });
  keep(context({}));
  const expected = madeAnew(changed);
  expect(expected).not.toEqual(sidecar(context({})));
  for (let i = 0; i < 3; i += 1) expect(sidecar(changed)).toEqual(expected);
});

test.each(ANNOTATIONS)('a pod with the annotation %o gets parts of its own', (annotations) => {
  const changed = context({ annotations });
  keep(context({}));
  const expected = madeAnew(changed);
  expect(expected).not.toEqual(sidecar(context({})));
  for (let i = 0; i < 3; i += 1) expect(sidecar(changed)).toEqual(expected);
});

test.each(ISTIO_VERSIONS)('a pod of release $minor gets what that release makes', ({ traits }) => {
  const changed = context({ context: { traits } });
  keep(context({}));
  expect(sidecar(changed)).toEqual(madeAnew(changed));
});

test('the service account counts where certificates are mounted by its name', () => {
  const of = (serviceAccountName: string): TemplateContext => {
    const mounted = context({ context: { values: MOUNTED } });
    return { ...mounted, spec: { ...mounted.spec, serviceAccountName } };
  };
  keep(of('a'));
  expect(JSON.stringify(sidecar(of('b')))).toContain('istio.b');
  expect(sidecar(of('b'))).toEqual(madeAnew(of('b')));
});

test('what is kept of other pods changes nothing, whatever they are', () => {
  const { values: _, ...simple } = CHANGES;
  const oneOf = fc.constantFrom;
  const pod = fc.record({
    change: oneOf({}, ...Object.values(simple)),
    values: oneOf(VALUES, CNI, MOUNTED),
    annotations: fc
      .array(oneOf({}, ...ANNOTATIONS), { maxLength: 2 })
      .map((all) => Object.assign({}, ...all) as object),
    labels: oneOf({}, { 'service.istio.io/workload-name': 'w' }, { version: '2' }),
    name: oneOf('a', 'b'),
  });
  fc.assert(
    fc.property(fc.array(pod, { minLength: 1, maxLength: 12 }), (pods) => {
      for (const { change, values, annotations, labels, name } of pods) {
        const subject = {
          ...context({ annotations: annotations as Record<string, string>, labels, context: { ...change, values } }),
          deploymentMeta: { name, namespace: 'demo' },
        };
        expect(sidecar(subject)).toEqual(madeAnew(subject));
      }
    }),
  );
});
