// How long whole processes take: runs that alternate, so that noise meets all alike.
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { stringify } from 'yaml';
import { median } from './median.ts';
import { CLIENT, SERVICE, writeMeshFile } from './mesh-file.ts';
import type { Meter, RunReading } from './meter.ts';
import { virtualServiceReview } from './virtual-service-review.ts';

const ROOT = join(import.meta.dirname, '..');
const ROUNDS = 9;
const PROFILES = ['default', 'demo', 'ambient'];
const OURS = [process.execPath, join(ROOT, 'dist/sailwright.js')];
/** A Node that does nothing. */
export const BARE_NODE = 'a bare node';

/** Medians of one command, of us and of a peer that is asked for the same. */
export interface CommandComparison {
  command: string;
  ours: RunReading;
  peer?: RunReading;
}

/** Runs each command in turn; the first comparison is a bare Node. The first round fills the caches. */
export async function compareCommands(meter: Meter, istioctl?: string): Promise<CommandComparison[]> {
  const folder = mkdtempSync(join(tmpdir(), 'sailwright-bench-'));
  const file = join(folder, 'resource.yaml');
  // As people write it: without names for what stands in it twice.
  writeFileSync(file, stringify(virtualServiceReview().request.object, { aliasDuplicateObjects: false }));
  const validate = ['validate', '-f', file];
  const mesh = join(folder, 'mesh.yaml');
  writeMeshFile(mesh);
  const commands: { command: string; ours: string[]; theirs?: string[] }[] = [
    { command: 'version', ours: ['version'], theirs: ['version', '--remote=false'] },
    { command: 'validate of one file', ours: validate, theirs: validate },
    ...PROFILES.map(generate),
    { command: 'authn tls-check, 1,000 services', ours: ['authn', 'tls-check', CLIENT, '-f', mesh] },
    { command: 'describe service, of 1,000', ours: ['describe', 'service', SERVICE, '-f', mesh] },
  ];
  const all = [
    { command: BARE_NODE, ours: new Runs([process.execPath, '-e', '0']), peer: undefined },
    ...commands.map(({ command, ours, theirs }) => ({
      command,
      ours: new Runs([...OURS, ...ours]),
      peer: istioctl === undefined || theirs === undefined ? undefined : new Runs([istioctl, ...theirs]),
    })),
  ];
  try {
    for (let round = 0; round <= ROUNDS; round++) {
      for (const { ours, peer } of all) {
        await ours.measure(meter, round > 0);
        await peer?.measure(meter, round > 0);
      }
    }
  } finally {
    rmSync(folder, { recursive: true });
  }
  return all.map(({ command, ours, peer }) => ({
    command,
    ours: ours.medians(),
    ...(peer ? { peer: peer.medians() } : {}),
  }));
}

/** Both print the same objects. */
function generate(profile: string): { command: string; ours: string[]; theirs: string[] } {
  const theirs = ['manifest', 'generate', '--set', `profile=${profile}`];
  return { command: `manifest generate, ${profile}`, ours: [...theirs, '--upstream'], theirs };
}

class Runs {
  readonly #command: readonly string[];
  readonly #readings: RunReading[] = [];

  constructor(command: readonly string[]) {
    this.#command = command;
  }

  async measure(meter: Meter, counts: boolean): Promise<void> {
    const reading = await meter.run(this.#command);
    if (counts) this.#readings.push(reading);
  }

  medians(): RunReading {
    const of = (key: keyof RunReading): number => median(this.#readings.map((reading) => reading[key]));
    return { wall: of('wall'), cpu: of('cpu'), peak: of('peak') };
  }
}
