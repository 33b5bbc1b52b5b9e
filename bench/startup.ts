// How long whole processes take, against a bare Node: runs that alternate, so that noise meets all alike.
import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { median } from './median.ts';

const ROOT = join(import.meta.dirname, '..');
const ROUNDS = 15;
const PROGRAM = 'dist/sailwright.js';
const SAMPLE = 'config/samples/istiooperator-default.yaml';

/** Tells what the process took before it ends. */
const TELL = `process.on('exit',()=>{const {user,system}=process.cpuUsage();
console.error('took='+(user+system)/1000+' '+process.resourceUsage().maxRSS/1024)})`;

const VIRTUAL_SERVICE = `apiVersion: networking.istio.io/v1
kind: VirtualService
metadata: {name: shop, namespace: default}
spec:
  hosts: [shop]
  http:
  - match: [{uri: {prefix: /api}}]
    route: [{destination: {host: shop, subset: v1}, weight: 90}, {destination: {host: shop, subset: v2}, weight: 10}]
    timeout: 5s
`;

/** Of one process: wall time and CPU in milliseconds, peak memory in MiB. */
interface Run {
  wall: number;
  cpu: number;
  peak: number;
}

/** Prints medians of each command, and ratios to a bare Node. The first round fills the cache of compiled code. */
export function benchStartup(): void {
  const folder = mkdtempSync(join(tmpdir(), 'sailwright-bench-'));
  const file = join(folder, 'resource.yaml');
  writeFileSync(file, VIRTUAL_SERVICE);
  const commands = new Map([
    ['a bare node', ['-e', '0']],
    ['version', [PROGRAM, 'version']],
    ['validate of one file', [PROGRAM, 'validate', '-f', file]],
    ...['default', 'demo', 'ambient'].map((profile): [string, string[]] => [
      `manifest generate, ${profile}`,
      [PROGRAM, 'manifest', 'generate', '--profile', profile, '-f', SAMPLE],
    ]),
  ]);
  const runs = new Map([...commands.keys()].map((name): [string, Run[]] => [name, []]));
  for (let round = 0; round <= ROUNDS; round++) {
    for (const [name, args] of commands) {
      const run = measure(name, args);
      if (round > 0) runs.get(name)?.push(run);
    }
  }
  rmSync(folder, { recursive: true });
  print(runs);
}

function measure(name: string, args: readonly string[]): Run {
  const began = performance.now();
  const command = ['--import', `data:text/javascript,${encodeURIComponent(TELL)}`, ...args];
  const { status, stderr } = spawnSync(process.execPath, command, { cwd: ROOT, encoding: 'utf8' });
  const [, cpu, peak] = /took=(\S+) (\S+)/.exec(stderr) ?? [];
  if (status !== 0 || cpu === undefined) throw new Error(`${name} failed:\n${stderr}`);
  return { wall: performance.now() - began, cpu: Number(cpu), peak: Number(peak) };
}

function print(runs: ReadonlyMap<string, readonly Run[]>): void {
  const medianOf = (name: string, pick: (run: Run) => number): number => median((runs.get(name) ?? []).map(pick));
  const [bare = ''] = runs.keys();
  console.log('a process, medians                wall   to bare        CPU   to bare   peak memory');
  for (const name of runs.keys()) {
    const [wall, cpu] = [medianOf(name, (run) => run.wall), medianOf(name, (run) => run.cpu)];
    const cells = [
      `${wall.toFixed(0)} ms`.padStart(10),
      `${(wall / medianOf(bare, (run) => run.wall)).toFixed(2)}`.padStart(9),
      `${cpu.toFixed(0)} ms`.padStart(10),
      `${(cpu / medianOf(bare, (run) => run.cpu)).toFixed(2)}`.padStart(9),
      `${medianOf(name, (run) => run.peak).toFixed(0)} MiB`.padStart(13),
    ];
    console.log(`${name.padEnd(27)} ${cells.join('')}`);
  }
}
