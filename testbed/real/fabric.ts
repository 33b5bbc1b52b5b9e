import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { promisify } from 'node:util';

import { ServerProcess } from '../server-process.ts';
import type { FabricPlan } from './addresses.ts';

const run = promisify(execFile);

/** What a command printed. */
export interface Output {
  readonly stdout: string;
  readonly stderr: string;
}

/** A network with no link to this machine's: what is in it is reached only through this. */
export class Fabric {
  readonly #program: string;
  readonly #logs: string;
  readonly #workDir: string;
  readonly #holder: ServerProcess;
  readonly #forwards: ServerProcess[] = [];

  private constructor(program: string, folders: { logs: string; workDir: string }, plan: FabricPlan) {
    this.#program = program;
    this.#logs = folders.logs;
    this.#workDir = folders.workDir;
    this.#holder = this.#start('fabric', [JSON.stringify(plan)]);
  }

  /** Makes the network; `program` is the path of testbed-machine. */
  static async start(program: string, folders: { logs: string; workDir: string }, plan: FabricPlan): Promise<Fabric> {
    const fabric = new Fabric(program, folders, plan);
    await fabric.#holder.announcement();
    return fabric;
  }

  /** Process that holds the network. */
  get pid(): number {
    const { pid } = this.#holder;
    if (pid === undefined) throw new Error('the fabric has not been started');
    return pid;
  }

  /** The command that runs another one inside the network. */
  command(binary: string, args: readonly string[]): [string, ...string[]] {
    return [this.#program, 'enter', String(this.pid), binary, ...args];
  }

  /** Runs a command inside the network to its end; rejects when it fails. */
  async exec(binary: string, args: readonly string[] = []): Promise<Output> {
    const [program, ...rest] = this.command(binary, args);
    return run(program, rest, { maxBuffer: 64 * 1024 * 1024 });
  }

  /** Makes an address inside, such as `10.10.0.1:443`, reachable on a port of this machine's loopback; returns it. */
  async forward(target: string): Promise<number> {
    const process = this.#start('forward', [String(this.pid), target]);
    this.#forwards.push(process);
    return Number(await process.announcement());
  }

  /** Says what died; undefined while all is well. */
  failure(): string | undefined {
    return [this.#holder, ...this.#forwards].map((process) => process.failure()).find((one) => one !== undefined);
  }

  /** Ends it, when nothing is left in it. */
  async stop(): Promise<void> {
    await Promise.all([this.#holder, ...this.#forwards].map((process) => process.kill()));
  }

  #start(name: string, args: readonly string[]): ServerProcess {
    return new ServerProcess({
      name,
      command: [this.#program, name, ...args],
      logFile: join(this.#logs, `${name}.log`),
      workDir: this.#workDir,
      announces: true,
    });
  }
}
