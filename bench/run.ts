// `npm run bench [-- --injections N]`: tables for rendering, injection and validation. Machines are noisy, so compare
// figures of one run only.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { parse } from 'yaml';
import type { JsonObject } from '../src/core/kube-object.ts';
import { render } from '../src/core/render/render.ts';
import { benchInjection } from './inject.ts';
import { benchStartup } from './startup.ts';
import { benchAnalysis, benchValidation } from './validate.ts';
import { startBenchServer } from './webhook-bench.ts';

const ROOT = join(import.meta.dirname, '..');
const RENDERS_MS = 2_000;
const PROFILES = ['default', 'demo', 'ambient'];
const DEFAULTS = { hub: 'docker.io/istio', tag: '1.31.4' };

/** Renders a second in this process. */
function measureRenders(profile: string, document: JsonObject): number {
  let count = 0;
  const began = performance.now();
  while (performance.now() - began < RENDERS_MS) {
    const result = render({ documents: [document], profile }, { form: 'sailwright', defaults: DEFAULTS });
    if (!result.ok) throw new Error(`profile ${profile} does not render`);
    count += 1;
  }
  return (count * 1000) / (performance.now() - began);
}

const sample = parse(readFileSync(join(ROOT, 'config/samples/istiooperator-default.yaml'), 'utf8')) as JsonObject;
benchStartup();
console.log('\nprofile   renders a second');
for (const profile of PROFILES) {
  console.log(`${profile.padEnd(9)} ${measureRenders(profile, sample).toFixed(0).padStart(16)}`);
}

const { values } = parseArgs({ options: { injections: { type: 'string' } } });
const server = await startBenchServer();
try {
  await benchInjection(server, values.injections === undefined ? {} : { injections: Number(values.injections) });
  await benchValidation(server);
} finally {
  await server.stop();
}
await benchAnalysis();
