// Rendering in this process.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parse } from 'yaml';
import type { JsonObject } from '../src/core/kube-object.ts';
import { render } from '../src/core/render/render.ts';

const SAMPLE = join(import.meta.dirname, '../config/samples/istiooperator-default.yaml');
const MEASURE_MS = 2_000;
const PROFILES = ['default', 'demo', 'ambient'];
const DEFAULTS = { hub: 'docker.io/istio', tag: '1.31.4' };

/** Prints renders a second. */
export function benchRenders(): void {
  const sample = parse(readFileSync(SAMPLE, 'utf8')) as JsonObject;
  console.log('\nprofile   renders a second');
  for (const profile of PROFILES) {
    console.log(`${profile.padEnd(9)} ${measureRenders(profile, sample).toFixed(0).padStart(16)}`);
  }
}

function measureRenders(profile: string, document: JsonObject): number {
  let count = 0;
  const began = performance.now();
  while (performance.now() - began < MEASURE_MS) {
    const result = render({ documents: [document], profile }, { form: 'sailwright', defaults: DEFAULTS });
    if (!result.ok) throw new Error(`profile ${profile} does not render`);
    count += 1;
  }
  return (count * 1000) / (performance.now() - began);
}
