import { spawn } from 'node:child_process';

import type { Pod } from './pods.ts';
import type { RealEnvironment } from './real-cluster.ts';
import type { Tally } from './workloads.ts';

/** Requests that go on whatever happens. */
export interface ConstantLoad {
  /** Ends them, and tells what came back. */
  stop(): Promise<Tally>;
}

/** Sends requests from a pod at a steady rate, by further flags of `testbed-traffic load`. */
export function startLoad({ cluster }: RealEnvironment, from: Pod, ...flags: string[]): ConstantLoad {
  const { name, namespace } = from.metadata;
  const command = ['/testbed-traffic', 'load', '-until-input-ends', ...flags];
  const child = spawn(cluster.kubectl, ['-n', namespace, 'exec', '-i', name, '-c', 'app', '--', ...command], {
    env: { ...process.env, KUBECONFIG: cluster.kubeconfig },
    stdio: ['pipe', 'pipe', 'pipe'],
  });
  let output = '';
  let said = '';
  child.stdout.setEncoding('utf8').on('data', (text: string) => (output += text));
  child.stderr.setEncoding('utf8').on('data', (text: string) => (said += text));
  const ended = new Promise<void>((resolve) => child.once('close', () => resolve()));
  return {
    async stop() {
      child.stdin.end();
      await ended;
      if (output === '') throw new Error(`the load from ${name} ended without a tally: ${said}`);
      return JSON.parse(output) as Tally;
    },
  };
}
