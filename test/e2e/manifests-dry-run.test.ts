// Every object that the corpus' inputs render to is accepted by a real API server, in our form and in upstream's.
import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { errorText } from '../../src/core/error-text.ts';
import { FIELD_MANAGER } from '../../src/api/our-names.ts';
import { mapConcurrently } from '../../src/runtime/map-concurrently.ts';
import { displayName, refOf, type KubeObject } from '../../src/core/kube-object.ts';
import { canonicalJson } from '../../src/core/canonical-json.ts';
import type { Form } from '../../src/core/components.ts';
import { createKubeClient, loadKubeConfig, type KubeClient } from '../../src/kube/client.ts';
import { obtainCluster, type ObtainedCluster } from '../../testbed/obtain.ts';
import { waitFor } from '../../testbed/wait.ts';
import { caseNames, renderCase } from '../conformance/manifests.ts';

const MANIFESTS = fileURLToPath(new URL('../../../shared/corpus/manifests', import.meta.url));
const present = existsSync(MANIFESTS);
const cases = present ? caseNames(MANIFESTS) : [];
if (!present) console.warn('dry runs of manifests: skipped, ../shared/corpus is absent');

const DRY_RUN = { fieldManager: FIELD_MANAGER, force: true, dryRun: true };
const CRD = 'CustomResourceDefinition';
/** A CRD of another project, so that what the CNI of OpenShift needs can be tried. */
const NETWORK_ATTACHMENTS = {
  apiVersion: 'apiextensions.k8s.io/v1',
  kind: CRD,
  metadata: { name: 'network-attachment-definitions.k8s.cni.cncf.io' },
  spec: {
    group: 'k8s.cni.cncf.io',
    scope: 'Namespaced',
    names: { kind: 'NetworkAttachmentDefinition', plural: 'network-attachment-definitions' },
    versions: [
      {
        name: 'v1',
        served: true,
        storage: true,
        schema: { openAPIV3Schema: { type: 'object', 'x-kubernetes-preserve-unknown-fields': true } },
      },
    ],
  },
};

/** Cases whose input itself asks for what Kubernetes refuses, and what it says. Both forms pass it on as it is. */
const REFUSED_INPUTS: Readonly<Record<string, RegExp>> = {
  'inst-mc-external-istiod-full': /volumes: element 6/,
  'inst-mc-remote-dualstack': /IPv6": not configured on this cluster/,
  'k8s-ingress-rev-all': /tolerationSeconds/,
  'k8s-pilot-resources-mem-only': /less than or equal to memory limit/,
  'k8s-pilot-rev-all': /tolerationSeconds/,
  'k8s-pilot-svc-ports': /nodePort: Forbidden/,
  'k8s-pilot-tolerations': /tolerationSeconds/,
  'ov-multi-patches': /\.spec\.a: field not declared/,
  'ov-null-value-delete': /spec\.selector: Required value/,
  'ov-scalar-over-list': /args: expected list/,
  'up-pilot-k8s-settings': /field label not supported: new\.path/,
  'val-gateways-istio-ingressgateway-ipfamilies': /ipFamilyPolicy/,
  'val-gateways-istio-ingressgateway-ipfamilypolicy': /not configured for dual-stack/,
  'val-gateways-istio-ingressgateway-tolerations': /tolerationSeconds/,
  'val-global-defaulttolerations': /tolerationSeconds/,
  'val-pilot-ipfamilies': /ipFamilyPolicy/,
  'val-pilot-volumemounts': /volumeMounts\[\d+\]\.name: Not found: "x"/,
  'zt-dnspolicy': /must provide `dnsConfig`/,
  'zt-tolerations': /tolerationSeconds/,
  'zt-volumemounts': /volumeMounts\[\d+\]\.name: Not found: "v"/,
};

/** What upstream's tool renders wrongly and ours does not. */
const UPSTREAM_MISTAKES: Readonly<Record<string, RegExp>> = {
  'cni-env': /name: expected string/,
  'gw-name-with-dots': /must not contain dots/,
  'inv-gateway-noname': /-service-account"|name must be provided/,
  'k8s-ingress-svc-ports-named-target': /expected (numeric|string)/,
  'ov-configmap': /meshNetworks: expected string/,
  'ov-yaml-string-oneline': /note: expected string/,
};

let cluster: ObtainedCluster;
let client: KubeClient;
let kubeVersion: string;

beforeAll(async () => {
  if (!present) return;
  cluster = await obtainCluster({ auditLog: false });
  client = createKubeClient({ version: 'test', kubeConfig: loadKubeConfig(cluster.kubeconfig) });
  kubeVersion = await client.serverVersion();
  await client.apply(NETWORK_ATTACHMENTS, { fieldManager: 'test' });
  const kind = { apiVersion: 'k8s.cni.cncf.io/v1', kind: 'NetworkAttachmentDefinition' };
  await waitFor('NetworkAttachmentDefinitions to be served', async () => (await client.scopeOf(kind)) !== undefined);
});
afterAll(async () => {
  if (!present) return;
  await client.delete({ ...NETWORK_ATTACHMENTS, name: NETWORK_ATTACHMENTS.metadata.name });
  client.close();
  await cluster.stop();
});

/** One distinct object, and the cases that render it. */
interface Sample {
  object: KubeObject;
  cases: string[];
}

/** Our form refuses some inputs that upstream's takes; they have no objects. */
/** Our form refuses some inputs that upstream's takes; they have no objects. */
function renderSamples(form: Form): Sample[] {
  const distinct = new Map<string, Sample>();
  for (const name of cases) {
    const result = renderCase(`${MANIFESTS}/${name}`, { form, kubeVersion });
    const components = result.ok ? result.value.components : [];
    for (const object of components.flatMap(({ objects }) => objects)) collect(distinct, object, name);
  }
  return [...distinct.values()];
}

function collect(distinct: Map<string, Sample>, object: KubeObject, name: string): void {
  const key = canonicalJson(object);
  const known = distinct.get(key);
  if (known) known.cases.push(name);
  else distinct.set(key, { object, cases: [name] });
}

async function ensureNamespaces(samples: readonly Sample[]): Promise<void> {
  const names = new Set(samples.map(({ object }) => object.metadata.namespace).filter((name) => name !== undefined));
  await mapConcurrently([...names], 4, (name) =>
    client.apply({ apiVersion: 'v1', kind: 'Namespace', metadata: { name } }, { fieldManager: 'test' }),
  );
}

interface Refusal {
  cases: string[];
  message: string;
}

/** What the API server does not take. */
async function fetchRefusals(samples: readonly Sample[]): Promise<Refusal[]> {
  const answers = await mapConcurrently(samples, 8, async ({ object, cases: from }) => {
    try {
      await client.apply(object, DRY_RUN);
      return [];
    } catch (error) {
      const cause = errorText(error);
      return [{ cases: from, message: `${displayName(refOf(object))}: ${cause}` }];
    }
  });
  return answers.flat();
}

describe.skipIf(!present)('a dry run on the API server', () => {
  it.each<[Form, Readonly<Record<string, RegExp>>]>([
    ['sailwright', REFUSED_INPUTS],
    ['upstream', { ...REFUSED_INPUTS, ...UPSTREAM_MISTAKES }],
  ])('takes every object in the %s form', async (form, known) => {
    const samples = renderSamples(form);
    expect(samples.length).toBeGreaterThan(cases.length);
    await ensureNamespaces(samples);
    const refusals = await fetchRefusals(samples);
    console.log(`${form}: ${samples.length} distinct objects, ${samples.length - refusals.length} taken`);
    const surprises = refusals.filter(({ cases: from, message }) => !from.every((name) => known[name]?.test(message)));
    expect(surprises).toEqual([]);
    const seen = new Set(refusals.flatMap(({ cases: from }) => from));
    expect(Object.keys(known).filter((name) => cases.includes(name) && !seen.has(name))).toEqual([]);
  });
});
