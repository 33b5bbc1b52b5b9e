import { spawn, type ChildProcessByStdio } from 'node:child_process';
import { createInterface } from 'node:readline';
import type { Readable, Writable } from 'node:stream';

import { ensureTrafficProgram } from '../images/traffic-images.ts';
import type { Pod } from './pods.ts';
import type { RealEnvironment } from './real-cluster.ts';
import type { Tally } from './workloads.ts';

/** Requests that go on whatever happens. */
export interface ConstantLoad {
  /** Ends them, and tells what came back. */
  stop(): Promise<Tally>;
}

/** What became of one request. */
export interface Answer {
  /** Status of HTTP; 0 where no answer came. */
  readonly status: number;
  /** What the server calls itself; empty where a proxy answered, or nobody. */
  readonly name: string;
  /** The client's identity as the server's proxy vouches for it, in SPIFFE's form; empty in plain text. */
  readonly identity: string;
  /** Why no answer came; else empty. */
  readonly error: string;
}

/** Requests that go on, and of which each is told. */
export interface FollowedLoad {
  /** Rejects when they end without being told to. */
  readonly ended: Promise<void>;
  stop(): Promise<void>;
}

/** Sends requests from a pod at a steady rate, by further flags of `testbed-traffic load`. */
export function startLoad(environment: RealEnvironment, from: Pod, ...flags: string[]): ConstantLoad {
  return tallyOf(runInPod(environment, from, flags));
}

/** The same from the network around the nodes, where no kube-proxy has a hand in it. */
export async function startLoadOutside({ cluster }: RealEnvironment, ...flags: string[]): Promise<ConstantLoad> {
  return tallyOf(new LoadProcess(cluster.fabric.command(await ensureTrafficProgram(), loadCommand(flags))));
}

function tallyOf(child: LoadProcess): ConstantLoad {
  let output = '';
  child.stdout.setEncoding('utf8').on('data', (text: string) => (output += text));
  return {
    async stop() {
      await child.stop();
      if (output === '') throw new Error(`a load ended without a tally: ${child.said}`);
      return JSON.parse(output) as Tally;
    },
  };
}

/** As startLoad, but tells of each request when it is over. */
export function followLoad(
  environment: RealEnvironment,
  from: Pod,
  flags: readonly string[],
  onAnswer: (answer: Answer) => void,
): FollowedLoad {
  const child = runInPod(environment, from, ['-each', ...flags]);
  createInterface({ input: child.stdout }).on('line', (line) => onAnswer(JSON.parse(line) as Answer));
  const ended = child.ended.then(() => {
    if (!child.isStopped) throw new Error(`the requests of ${from.metadata.name} ended: ${child.said.trim()}`);
  });
  // Whoever stops it may not care how it ended.
  ended.catch(() => undefined);
  return { ended, stop: () => child.stop() };
}

function runInPod({ cluster }: RealEnvironment, from: Pod, flags: readonly string[]): LoadProcess {
  const { name, namespace } = from.metadata;
  const exec = ['-n', namespace, 'exec', '-i', name, '-c', 'app', '--', '/testbed-traffic', ...loadCommand(flags)];
  return new LoadProcess([cluster.kubectl, ...exec], { KUBECONFIG: cluster.kubeconfig });
}

/** What is over in a moment is looked at for longer: a handful of requests would say little of it. */
function loadCommand(flags: readonly string[]): string[] {
  return ['load', '-until-input-ends', '-at-least=250', ...flags];
}

/** `testbed-traffic load` until it is told to stop. */
class LoadProcess {
  readonly ended: Promise<void>;
  /** What it wrote to standard error. */
  said = '';
  isStopped = false;
  readonly #child: ChildProcessByStdio<Writable, Readable, Readable>;

  constructor([program = '', ...args]: readonly string[], env: Readonly<Record<string, string>> = {}) {
    this.#child = spawn(program, args, {
      env: { ...process.env, ...env },
      stdio: ['pipe', 'pipe', 'pipe'],
      // Ctrl-C reaches us only: it ends with the pipe from us.
      detached: true,
    });
    this.#child.stderr.setEncoding('utf8').on('data', (text: string) => (this.said += text));
    // Of a process that has ended by itself.
    this.#child.stdin.on('error', () => undefined);
    this.ended = new Promise((resolve) => this.#child.once('close', () => resolve()));
  }

  get stdout(): Readable {
    return this.#child.stdout;
  }

  async stop(): Promise<void> {
    this.isStopped = true;
    this.#child.stdin.end();
    await this.ended;
  }
}
