import fc from 'fast-check';
import { expect, test } from 'vitest';
import { templateContext } from '../../../test/builders/template-context.ts';
import type { JsonObject } from '../kube-object.ts';
import { compileInjectionConfig, type CompiledInjectionConfig } from './compile-injection-config.ts';
import { inject } from './inject.ts';
import type { InjectionConfig } from './injection-config.ts';
import type { Pod } from './template-context.ts';

const { values } = templateContext({
  values: { 'global.proxy.autoInject': 'enabled', 'sidecarInjectorWebhook.rewriteAppHTTPProbe': true },
});
const CONFIG: InjectionConfig = {
  values,
  env: { ENABLE_NATIVE_SIDECARS: 'true' },
};

/** Nothing is kept of a configuration that was never met. */
function compiledAnew(): CompiledInjectionConfig {
  return compileInjectionConfig(structuredClone(CONFIG));
}

/** Containers and volumes that meet those of the sidecar, by name or by what they hold. */
const CONTAINERS: JsonObject[] = [
  { name: 'app', image: 'a', readinessProbe: { httpGet: { path: '/', port: 80 } } },
  { name: 'app', image: 'b', ports: [{ containerPort: 15090, name: 'mine' }], resources: {} },
  { name: 'istio-proxy', image: 'auto', resources: { limits: { cpu: '3' } } },
  { name: 'istio-proxy', image: 'mine', env: [{ name: 'PILOT_CERT_PROVIDER', value: 'own' }, { name: 'MORE' }] },
  { name: 'istio-init', image: 'mine', args: ['-u', '9'], securityContext: null },
  { name: 'istio-proxy', volumeMounts: [{ name: 'own', mountPath: '/etc/istio/proxy' }], ports: [] },
];
const VOLUMES: JsonObject[] = [
  { name: 'data', emptyDir: {} },
  { name: 'istio-envoy', hostPath: { path: '/x' } },
  { name: 'workload-socket', emptyDir: { medium: 'Memory' } },
  { name: 'data', secret: { secretName: 's' } },
];
const ANNOTATIONS: Record<string, string>[] = [
  {},
  { 'prometheus.io/port': '9080' },
  { 'sidecar.istio.io/proxyCPU': '1' },
  { 'proxy.istio.io/config': 'concurrency: 3' },
  { 'inject.istio.io/templates': 'sidecar,sidecar' },
  { 'inject.istio.io/templates': 'gateway' },
];

const pod = fc
  .record({
    annotations: fc.constantFrom(...ANNOTATIONS),
    containers: fc.subarray(CONTAINERS, { minLength: 1, maxLength: 3 }),
    initContainers: fc.subarray(CONTAINERS, { maxLength: 2 }),
    volumes: fc.subarray(VOLUMES),
  })
  .map(({ annotations, ...spec }): Pod => ({
    metadata: { name: 'p', namespace: 'demo', annotations },
    spec: { ...spec },
  }));

test('a pod is injected as if none had been before', () => {
  const config = compileInjectionConfig(CONFIG);
  const outcomes = new Set<string>();
  fc.assert(
    fc.property(fc.array(pod, { minLength: 1, maxLength: 6 }), (pods) => {
      for (const subject of pods) {
        const found = inject({ pod: subject, namespace: 'demo' }, config);
        expect(found).toEqual(inject({ pod: structuredClone(subject), namespace: 'demo' }, compiledAnew()));
        outcomes.add(found.outcome);
        if (found.outcome !== 'injected') continue;
        const again = { pod: found.pod, namespace: 'demo' };
        expect(inject(again, config)).toEqual(inject(structuredClone(again), compiledAnew()));
      }
    }),
    { numRuns: 60 },
  );
  expect(outcomes).toContain('injected');
});
