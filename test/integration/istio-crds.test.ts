// Istio's kinds on a real API server: each document of the corpus is taken or refused as by Istio's own definitions,
// and what is taken keeps all of its fields.
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { parseAllDocuments } from 'yaml';
import { ISTIO_KINDS } from '../../src/api/istio-kinds.ts';
import { mapConcurrently } from '../../src/runtime/map-concurrently.ts';
import { isJsonObject, type Json, type JsonObject, type KubeObject } from '../../src/core/kube-object.ts';
import { KUBERNETES_YAML } from '../../src/core/values/yaml-input.ts';
import { createKubeClient, loadKubeConfig, type KubeClient } from '../../src/kube/client.ts';
import { ApiError } from '../../src/kube/errors.ts';
import { Transport } from '../../src/kube/transport.ts';
import { obtainCluster, type ObtainedCluster } from '../../testbed/obtain.ts';
import { waitFor } from '../../testbed/wait.ts';
import { istioDefinitions } from '../../tools/crd/istio-crd.ts';

const CORPUS = join(import.meta.dirname, '../../../shared/corpus');
const present = existsSync(CORPUS);
if (!present) console.warn("documents of Istio's kinds: skipped, ../shared/corpus is absent");
const NAMESPACE = `istio-crds-test-${process.pid}`;
const AT_ONCE = 16;

let cluster: ObtainedCluster;
let client: KubeClient;
let transport: Transport;

beforeAll(async () => {
  cluster = await obtainCluster({ auditLog: false });
  const kubeConfig = loadKubeConfig(cluster.kubeconfig);
  client = createKubeClient({ version: 'test', kubeConfig });
  const limits = { timeoutMs: 30_000, maxResponseBytes: 16 * 1024 * 1024, patienceMs: 3_000 };
  transport = new Transport(kubeConfig, { userAgent: 'test', ...limits });
  await client.create({ apiVersion: 'v1', kind: 'Namespace', metadata: { name: NAMESPACE } });
});
afterAll(async () => {
  await client.delete({ apiVersion: 'v1', kind: 'Namespace', name: NAMESPACE });
  transport.close();
  client.close();
  await cluster.stop();
});

/** What Istio's definitions make of a document when the API server is asked to be strict, as kubectl does. */
interface Verdict {
  crdVerdict: 'accept' | 'reject';
  unknownFields?: string[];
}

interface Sample {
  name: string;
  /** Undefined when the text is no YAML, such as for a key that is there twice. */
  object: JsonObject | undefined;
  verdict: Verdict;
}

function readLines<T>(file: string): T[] {
  return readFileSync(join(CORPUS, file), 'utf8')
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line) as T);
}

function readDocuments(): Sample[] {
  return readLines<Verdict & { file: string; index?: number }>('validation/verdicts.jsonl').map((verdict) => {
    const text = readFileSync(join(CORPUS, 'validation', verdict.file), 'utf8');
    const document = [...parseAllDocuments(text, KUBERNETES_YAML)][verdict.index ?? 0];
    const readable = document && document.errors.length === 0;
    return { name: verdict.file, object: readable ? (document.toJS() as JsonObject) : undefined, verdict };
  });
}

function readMutated(): Sample[] {
  const texts = readFileSync(join(CORPUS, 'fuzz/configs.yaml'), 'utf8').split(/^---$/m);
  const objects = texts.filter((text) => text.trim() !== '').map((text) => JSON.parse(text) as JsonObject);
  return readLines<Verdict & { index: number }>('fuzz/configs.verdicts.jsonl').map((verdict) => ({
    name: `fuzz ${verdict.index}`,
    object: objects[verdict.index],
    verdict,
  }));
}

/** Paths of `sent` that did not come back as they were. Null means absent, and the API server takes it so. */
function lostFields(sent: Json | undefined, kept: Json | undefined, path: string): string[] {
  if (sent === null) return kept === undefined || kept === null ? [] : [path];
  if (Array.isArray(sent) && Array.isArray(kept) && sent.length === kept.length)
    return sent.flatMap((item, i) => lostFields(item, kept[i], `${path}[${i}]`));
  if (isJsonObject(sent) && isJsonObject(kept))
    return Object.keys(sent).flatMap((key) => lostFields(sent[key], kept[key], path ? `${path}.${key}` : key));
  return sent === kept ? [] : [path];
}

/** The object as the API server would store it, or its refusal. */
async function fetchAnswer(object: JsonObject, fieldValidation: 'Strict' | 'Ignore'): Promise<JsonObject | ApiError> {
  const known = ISTIO_KINDS.find(({ kind }) => kind === object['kind']);
  const path = `/apis/${object['apiVersion'] as string}/namespaces/${NAMESPACE}/${known?.plural ?? ''}`;
  // Only the kind's own schema is judged here, not Kubernetes' rules for names, labels and annotations.
  const body = { ...object, metadata: { name: 'sample', namespace: NAMESPACE } };
  try {
    const query = { dryRun: 'All', fieldValidation };
    return (await transport.fetchJson({ method: 'POST', path, query, body, idempotent: true })) as JsonObject;
  } catch (error) {
    if (error instanceof ApiError) return error;
    throw error;
  }
}

/** How the answers of the API server differ from the verdict; undefined when they do not. */
async function judge({ name, object, verdict }: Sample): Promise<string | undefined> {
  const { crdVerdict, unknownFields = [] } = verdict;
  if (object === undefined) return crdVerdict === 'reject' ? undefined : `${name}: cannot be read`;
  const strict = await fetchAnswer(object, 'Strict');
  const refused = strict instanceof ApiError;
  if (refused !== (crdVerdict === 'reject')) return `${name}: ${refused ? `refused: ${strict.message}` : 'was taken'}`;
  const kept = refused ? await fetchAnswer(object, 'Ignore') : strict;
  const lost = kept instanceof ApiError ? [] : lostFields(withoutServerFields(object), kept, '');
  const unexpected = lost.filter((path) => !unknownFields.includes(path));
  return unexpected.length === 0 ? undefined : `${name}: lost ${unexpected.join()}`;
}

/** A new object has no status yet, and its metadata are those of the test. */
function withoutServerFields({ metadata: _metadata, status: _status, ...fields }: JsonObject): JsonObject {
  return fields;
}

it("takes all of Istio's definitions by server-side apply", async () => {
  const definitions = istioDefinitions();
  await Promise.all(
    definitions.map((definition) => client.apply(definition as unknown as KubeObject, { fieldManager: 'test' })),
  );
  const faults: string[] = [];
  for (const definition of definitions) {
    const { name } = definition.metadata;
    const ref = { apiVersion: definition.apiVersion, kind: definition.kind, name };
    await waitFor(
      `${name} to be established`,
      async () => conditionOf(await client.get(ref), 'Established') === 'True',
    );
    const status = conditionOf(await client.get(ref), 'NonStructuralSchema');
    if (status === 'True') faults.push(name);
  }
  expect(faults).toEqual([]);
  expect(definitions).toHaveLength(15);
});

function conditionOf(object: KubeObject | undefined, type: string): string | undefined {
  const { conditions = [] } = (object?.['status'] ?? {}) as { conditions?: { type: string; status: string }[] };
  return conditions.find((condition) => condition.type === type)?.status;
}

it.skipIf(!present).each<[string, () => Sample[], number]>([
  ['document of the corpus', readDocuments, 1_000],
  ['mutated document', readMutated, 1_000],
])('answers each %s as Istio does', async (_title, read, atLeast) => {
  const samples = read();
  expect(samples.length).toBeGreaterThan(atLeast);
  const answers = await mapConcurrently(samples, AT_ONCE, judge);
  expect(answers.filter((answer) => answer !== undefined)).toEqual([]);
});
