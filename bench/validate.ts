// Validation in this process, and through the webhook in a large mesh.
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import type { JsonObject } from '../src/core/kube-object.ts';
import { predictAdmission } from '../src/core/validate/predict-admission.ts';
import { validateResource } from '../src/core/validate/validate-resource.ts';
import { readCases, readMutatedCases, type ValidationCase } from '../test/conformance/validate.ts';
import { SHARED, type BodyFiles } from './bodies/body-files.ts';
import type { Meter } from './meter.ts';
import { startBenchServer } from './servers/ours.ts';
import { compareServers, validationWorks } from './side-by-side.ts';
import { alignTable, figuresTable } from './tables.ts';
import { virtualServiceReview } from './virtual-service-review.ts';

const MEASURE_MS = 2_000;
const SERVICES = 10_000;

/** Prints documents a second in this process. */
export function benchValidation(): void {
  const corpus = join(SHARED, 'corpus');
  console.log('\nvalidation in process        size   validated   parsed and validated   with the definition');
  if (existsSync(corpus)) {
    printDocuments('documents', readCases(join(corpus, 'validation')));
    printDocuments('mutated documents', readMutatedCases(join(corpus, 'fuzz')));
  }
  printTexts('a VirtualService', [JSON.stringify(virtualServiceReview().request.object)]);
}

/** Prints what it costs the webhook to look up in a large mesh what a resource refers to. */
export async function benchAnalysis(meter: Meter, bodies: BodyFiles): Promise<void> {
  const server = await startBenchServer({ services: SERVICES });
  try {
    console.log(`\nin a mesh of ${SERVICES} services`);
    console.log(alignTable(figuresTable(await compareServers(meter, [server], validationWorks(bodies)))));
  } finally {
    await server.stop();
  }
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
