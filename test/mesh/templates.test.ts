// The text of the templates in the hands of Istio's own injector: of every pod it makes what ours makes.
import type { ClientHttp2Session } from 'node:http2';
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { podReview } from '../../bench/bodies/pod-review.ts';
import { openConnection, post } from '../../bench/webhook-load.ts';
import {
  compileInjectionConfig,
  type CompiledInjectionConfig,
} from '../../src/core/inject/compile-injection-config.ts';
import type { PatchOperation } from '../../src/core/inject/compute-patch.ts';
import { readControlPlaneConfig } from '../../src/core/inject/control-plane-config.ts';
import { findControlPlane, type ControlPlaneObjects } from '../../src/core/inject/control-plane-objects.ts';
import { goStructJson } from '../../src/core/inject/go-json.ts';
import { inject } from '../../src/core/inject/inject.ts';
import type { Pod } from '../../src/core/inject/template-context.ts';
import type { Json, JsonObject } from '../../src/core/kube-object.ts';
import { DEFAULT_VERSION } from '../../src/core/istio/registry.ts';
import { render } from '../../src/core/render/render.ts';
import { startIstiod, type RunningIstiod } from '../../testbed/istiod.ts';
import { firstDifference, pruned } from '../conformance/compare.ts';
import { applyPatch } from '../builders/apply-patch.ts';
import { MISSING } from './support/missing.ts';

const CORPUS = fileURLToPath(new URL('../../../shared/corpus/', import.meta.url));
const present = existsSync(CORPUS);
if (!present) console.warn('templates in the hands of istiod: pods of ../shared/corpus are skipped, it is absent');

/** What differs between meshes in ways that templates care for. */
const MESHES: Record<string, JsonObject> = {
  'the default profile': { profile: 'default' },
  'CNI, traces, JSON logs and secrets': {
    profile: 'default',
    components: { cni: { enabled: true } },
    meshConfig: { trustDomain: 'td.example', inboundTrafficPolicy: { mode: 'LOCALHOST' } },
    values: {
      cni: { provider: 'multus' },
      global: {
        logAsJson: true,
        imagePullSecrets: ['pull'],
        network: 'net1',
        mountMtlsCerts: true,
        proxy: {
          tracer: 'datadog',
          holdApplicationUntilProxyStarts: true,
          privileged: true,
          includeOutboundPorts: '90',
        },
        sts: { servicePort: 99 },
      },
    },
  },
};

/** Pods of our own, one for each template. */
const OWN: Pod[] = ['sidecar', 'gateway', 'grpc-simple', 'grpc-agent'].map((name) => ({
  apiVersion: 'v1',
  kind: 'Pod',
  metadata: { name, namespace: 'demo', annotations: { 'inject.istio.io/templates': name }, labels: { app: name } },
  spec: {
    containers: [
      { name: name === 'gateway' ? 'istio-proxy' : 'app', image: name === 'gateway' ? 'auto' : 'app:1', resources: {} },
    ],
  },
  status: {},
}));

function corpusPods(): Pod[] {
  if (!present) return [];
  const folders = readdirSync(`${CORPUS}injection`, { withFileTypes: true }).filter((entry) => entry.isDirectory());
  const pods = folders.flatMap(({ name }) => {
    const calls = JSON.parse(readFileSync(`${CORPUS}injection/${name}/webhook.json`, 'utf8')) as Request[];
    return calls.map(({ request }) => asSent(request.pod, request.namespace));
  });
  const lines = readFileSync(`${CORPUS}injection-extra.jsonl`, 'utf8').split('\n').filter(Boolean);
  const extra = lines.map((text) => (JSON.parse(text) as ExtraLine).line);
  // The API server fills the account in: none is sent empty.
  return [...pods, ...extra.map(({ pod, namespace }) => asSent(pod, namespace.name))].filter(
    ({ spec }) => spec['serviceAccountName'] !== '',
  );
}

interface Request {
  request: { pod: Pod; namespace: string };
}

interface ExtraLine {
  line: { pod: Pod; namespace: { name: string } };
}

/** As the API server sends it: with the empty structs that Go writes out. */
function asSent(pod: Pod, namespace: string): Pod {
  const spec = JSON.parse(goStructJson(pod.spec, 'PodSpec')) as JsonObject;
  for (const list of ['containers', 'initContainers']) {
    if (Array.isArray(spec[list])) spec[list] = spec[list].map((each) => ({ resources: {}, ...(each as JsonObject) }));
  }
  return {
    ...pod,
    metadata: { ...pod.metadata, namespace: pod.metadata.namespace || namespace || 'default' },
    spec,
    status: {},
  };
}

function renderControlPlane(spec: JsonObject): ControlPlaneObjects {
  const resource = { apiVersion: 'install.istio.io/v1alpha1', kind: 'IstioOperator', spec };
  const rendered = render({ documents: [resource] }, { form: 'upstream' });
  const objects = rendered.ok ? rendered.value.components.flatMap((component) => component.objects) : [];
  const controlPlane = findControlPlane(objects, '');
  if (!controlPlane) throw new Error('no control plane is rendered');
  return controlPlane;
}

/** With the builders: the text is for the other side. */
function ours(controlPlane: ControlPlaneObjects): CompiledInjectionConfig {
  const { templates: _text, ...config } = readControlPlaneConfig(controlPlane);
  return compileInjectionConfig({ ...config, env: { ...config.env, ENABLE_NATIVE_SIDECARS: 'true' } });
}

/** What istiod says of a pod: the injected pod, or why there is none. */
interface IstiodAnswer {
  allowed: boolean;
  message: string;
  pod?: Json;
}

async function ask(connection: ClientHttp2Session, pod: Pod): Promise<IstiodAnswer> {
  const review = podReview(pod as unknown as JsonObject, { uid: '1', namespace: pod.metadata.namespace ?? '' });
  const { body } = await post(connection, '/inject', Buffer.from(JSON.stringify(review)));
  const { response } = JSON.parse(body) as { response: Response };
  const patch = response.patch === undefined ? undefined : Buffer.from(response.patch, 'base64').toString('utf8');
  return {
    allowed: response.allowed,
    message: response.status?.message ?? '',
    ...(patch === undefined ? {} : { pod: applyPatch(pod as unknown as Json, JSON.parse(patch) as PatchOperation[]) }),
  };
}

interface Response {
  allowed: boolean;
  patch?: string;
  status?: { message?: string };
}

/** How the two answers differ; what is said of a refused pod is each one's own. */
function compare(answer: IstiodAnswer, pod: Pod, config: CompiledInjectionConfig): string | undefined {
  const result = inject({ pod, namespace: pod.metadata.namespace ?? '' }, config);
  const theirs = answer.pod ? 'injected' : answer.allowed ? 'skipped' : 'denied';
  if (result.outcome !== theirs) {
    const why = result.outcome === 'denied' ? result.message : '';
    return `istiod ${theirs} ${answer.message}, we ${result.outcome} ${why}`;
  }
  if (result.outcome !== 'injected') return undefined;
  return firstDifference(pruned(answer.pod), pruned(result.pod as unknown as Json));
}

describe.skipIf(MISSING.length > 0)('istiod with the text of our templates', () => {
  describe.each(Object.entries(MESHES))('in a mesh with %s', (_title, spec) => {
    const folder = mkdtempSync(join(tmpdir(), 'sailwright-istiod-'));
    let controlPlane: ControlPlaneObjects;
    let istiod: RunningIstiod;

    beforeAll(async () => {
      controlPlane = renderControlPlane(spec);
      const { config = '', values = '' } = controlPlane.injector;
      const configuration = { config, values, mesh: controlPlane.mesh?.['mesh'] ?? '' };
      istiod = await startIstiod({ version: DEFAULT_VERSION.defaultTag, configuration, folder });
    });
    afterAll(async () => {
      await istiod?.stop();
      rmSync(folder, { recursive: true, force: true });
    });

    it('injects every pod as we do', async () => {
      const config = ours(controlPlane);
      const connection = openConnection(istiod.port);
      const differences: string[] = [];
      let injected = 0;
      try {
        for (const [index, pod] of [...OWN, ...corpusPods()].entries()) {
          const answer = await ask(connection, pod);
          injected += answer.pod ? 1 : 0;
          const difference = compare(answer, pod, config);
          if (difference !== undefined) differences.push(`pod ${index} (${pod.metadata.name ?? ''}): ${difference}`);
        }
      } finally {
        connection.close();
      }
      console.log(`istiod injected ${injected} pods; ${differences.length} differ`);
      expect(differences).toEqual([]);
      expect(injected).toBeGreaterThanOrEqual(OWN.length);
    });
  });
});
