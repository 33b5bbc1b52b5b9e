// `npm run bench [-- --injections N]`: tables for rendering, injection and validation. Machines are noisy, so compare
// figures of one run only.
import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { parse } from 'yaml';
import type { JsonObject } from '../src/core/kube-object.ts';
import { render } from '../src/core/render/render.ts';
import { benchInjection } from './inject.ts';
import { benchAnalysis, benchValidation } from './validate.ts';
import { startBenchServer } from './webhook-bench.ts';

const ROOT = join(import.meta.dirname, '..');
const PROCESSES = 15;
const RENDERS_MS = 2_000;
const PROFILES = ['default', 'demo', 'ambient'];
const DEFAULTS = { hub: 'docker.io/istio', tag: '1.31.4' };
const PEAK_MEMORY = "process.on('exit',()=>console.error('peak-kib='+process.resourceUsage().maxRSS))";

function median(numbers: number[]): number {
  return numbers.toSorted((a, b) => a - b)[Math.floor(numbers.length / 2)] ?? Number.NaN;
}

/** Wall time (ms) and peak memory (MiB) of whole `manifest generate` processes. */
function measureProcess(profile: string): { wall: number; peak: number } {
  const runs = Array.from({ length: PROCESSES }, () => {
    const began = performance.now();
    const args = ['--import', `data:text/javascript,${encodeURIComponent(PEAK_MEMORY)}`];
    const command = [...args, 'dist/sailwright.js', 'manifest', 'generate', '--profile', profile, '-f'];
    const sample = 'config/samples/istiooperator-default.yaml';
    const { status, stderr } = spawnSync(process.execPath, [...command, sample], { cwd: ROOT, encoding: 'utf8' });
    if (status !== 0) throw new Error(`manifest generate --profile ${profile} failed:\n${stderr}`);
    const peak = Number(/peak-kib=(\d+)/.exec(stderr)?.[1]) / 1024;
    return { wall: performance.now() - began, peak };
  });
  return { wall: median(runs.map(({ wall }) => wall)), peak: median(runs.map(({ peak }) => peak)) };
}

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
const bare = median(
  Array.from({ length: PROCESSES }, () => {
    const began = performance.now();
    spawnSync(process.execPath, ['-e', '0']);
    return performance.now() - began;
  }),
);
console.log(`a bare node process: ${bare.toFixed(0)} ms\n`);
console.log('profile   process, median   peak memory   renders a second');
for (const profile of PROFILES) {
  const { wall, peak } = measureProcess(profile);
  const rate = measureRenders(profile, sample);
  const cells = [
    `${wall.toFixed(0)} ms`.padStart(15),
    `${peak.toFixed(0)} MiB`.padStart(13),
    rate.toFixed(0).padStart(18),
  ];
  console.log(`${profile.padEnd(9)} ${cells.join(' ')}`);
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
