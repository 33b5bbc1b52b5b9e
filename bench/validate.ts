// Validation in this process and through the webhook.
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { JsonObject } from '../src/core/kube-object.ts';
import { predictAdmission } from '../src/core/validate/predict-admission.ts';
import { validateResource } from '../src/core/validate/validate-resource.ts';
import { readCases, readMutatedCases, type ValidationCase } from '../test/conformance/validate.ts';
import { SHARED, startBenchServer, type BenchServer } from './webhook-bench.ts';

const MEASURE_MS = 2_000;
const SERVICES = 10_000;

/** Prints documents a second in this process, then the rows of the webhook. */
export async function benchValidation(server: BenchServer): Promise<void> {
  const corpus = join(SHARED, 'corpus');
  console.log('\nvalidation in process        size   validated   parsed and validated   with the definition');
  if (existsSync(corpus)) {
    printDocuments('documents', readCases(join(corpus, 'validation')));
    printDocuments('mutated documents', readMutatedCases(join(corpus, 'fuzz')));
  }
  printTexts('a VirtualService', [JSON.stringify(virtualServiceReview().request.object)]);
  await printReviews(server, 'validation');
}

/** Prints the rows of the webhook where it looks up in a large mesh what a resource refers to, and what that costs. */
export async function benchAnalysis(): Promise<void> {
  const server = await startBenchServer({ services: SERVICES });
  try {
    const memory = (await server.readMemory()) / 2 ** 20;
    await printReviews(server, `validation in a mesh of ${SERVICES} services (${memory.toFixed(0)} MiB)`);
  } finally {
    await server.stop();
  }
}

async function printReviews(server: BenchServer, title: string): Promise<void> {
  const given = join(SHARED, 'bench/virtualservice-review.json');
  const review = existsSync(given) ? readFileSync(given) : Buffer.from(JSON.stringify(virtualServiceReview()));
  const load = { title, path: '/validate', review };
  const { body } = await server.post(load.path, review);
  if (!body.includes('"allowed":true')) throw new Error(`the resource is refused: ${body}`);
  await server.printLoads(load);
}

function printDocuments(name: string, cases: readonly ValidationCase[]): void {
  printTexts(
    name,
    cases.flatMap(({ object }) => (object ? [JSON.stringify(object)] : [])),
  );
}

function printTexts(name: string, texts: readonly string[]): void {
  const objects = texts.map((text) => JSON.parse(text) as JsonObject);
  const size = texts.reduce((sum, { length }) => sum + length, 0) / texts.length;
  const cells = [
    `${(size / 1024).toFixed(1)} KiB`.padStart(10),
    measure(objects, (object) => validateResource(object)).padStart(11),
    measure(texts, (text) => validateResource(JSON.parse(text) as JsonObject)).padStart(22),
    measure(objects, (object) => predictAdmission(object)).padStart(21),
  ];
  console.log(`${name.padEnd(22)} ${cells.join(' ')}`);
}

/** Calls a second, over all inputs in turn. */
function measure<T>(inputs: readonly T[], call: (input: T) => unknown): string {
  for (const input of inputs) call(input);
  let count = 0;
  const began = performance.now();
  while (performance.now() - began < MEASURE_MS) {
    for (const input of inputs) call(input);
    count += inputs.length;
  }
  return ((count * 1000) / (performance.now() - began)).toFixed(0);
}

/** Two versions of a service by header, with retries. */
function virtualServiceReview(): JsonObject & { request: { object: JsonObject } } {
  const route = [
    { destination: { host: 'shop', subset: 'v1' }, weight: 90 },
    { destination: { host: 'shop', subset: 'v2' }, weight: 10 },
  ];
  const match = [{ uri: { prefix: '/api' }, headers: { 'x-group': { regex: '(beta|staff)-.*' } } }];
  const object = {
    apiVersion: 'networking.istio.io/v1',
    kind: 'VirtualService',
    metadata: { name: 'shop', namespace: 'default' },
    spec: {
      hosts: ['shop'],
      http: [{ match, route, timeout: '5s', retries: { attempts: 3, perTryTimeout: '2s', retryOn: '5xx' } }, { route }],
    },
  };
  const request = { uid: '00000000-0000-4000-8000-000000000002', operation: 'CREATE', namespace: 'default', object };
  return { kind: 'AdmissionReview', apiVersion: 'admission.k8s.io/v1', request };
}
