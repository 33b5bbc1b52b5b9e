import { spawn, type ChildProcess } from 'node:child_process';
import { closeSync, openSync, readFileSync } from 'node:fs';
import type { Socket } from 'node:net';

/** The processes of a cluster, in starting order. */
export const COMPONENTS = ['etcd', 'kube-apiserver', 'kube-controller-manager', 'kube-scheduler', 'kwok'] as const;

/** Name of one process of the cluster. */
export type Component = (typeof COMPONENTS)[number];

/** What a process is started with. */
export interface Launch {
  readonly component: Component;
  readonly binary: string;
  readonly args: readonly string[];
  readonly logFile: string;
  readonly workDir: string;
}

/** One running process of the cluster; it ends with this one, however this one ends. */
export class ServerProcess {
  readonly #launch: Launch;
  readonly #child: ChildProcess;
  readonly #ended: Promise<void>;
  #exit: string | undefined;

  constructor(launch: Launch) {
    this.#launch = launch;
    const log = openSync(launch.logFile, 'a');
    try {
      this.#child = spawn(launch.binary, [launch.component, ...launch.args], {
        cwd: launch.workDir,
        // Nothing ever goes through stdin: its closing tells the child that we are gone (parent.go).
        stdio: ['pipe', log, log],
        env: {
          PATH: process.env['PATH'],
          HOME: launch.workDir,
          TESTBED_PARENT_PIPE: 'stdin',
          KWOK_WORKDIR: launch.workDir,
        },
        // A group of its own: Ctrl-C reaches us only, and we can still tidy up against a living cluster.
        detached: true,
      });
    } finally {
      closeSync(log);
    }
    this.#ended = new Promise((resolve) => {
      const finish = (how: string): void => {
        this.#exit ??= how;
        resolve();
      };
      this.#child.once('exit', (code, signal) =>
        finish(signal ? `was ended by ${signal}` : `exited with code ${code ?? '?'}`),
      );
      this.#child.once('error', (error) => finish(`could not be started: ${error.message}`));
    });
    // A caller that forgets stop() can still exit.
    this.#child.unref();
    const pipe = this.#child.stdin as Socket | null;
    pipe?.on('error', () => undefined);
    pipe?.unref();
  }

  get pid(): number | undefined {
    return this.#child.pid;
  }

  /** Resolves when the process has ended. */
  get ended(): Promise<void> {
    return this.#ended;
  }

  /** Says how the process ended and what it logged last; undefined while it runs. */
  failure(): string | undefined {
    if (this.#exit === undefined) return undefined;
    return `${this.#launch.component} ${this.#exit}:\n${this.lastLines()}`;
  }

  /** The end of the log. */
  lastLines(count = 8): string {
    return readFileSync(this.#launch.logFile, 'utf8').trimEnd().split('\n').slice(-count).join('\n');
  }

  /** Ends the process at once. Nothing here outlives a test, so there is nothing to save. */
  async kill(): Promise<void> {
    this.#child.kill('SIGKILL');
    // unref() let go of the handle; hold the loop until the exit is seen.
    this.#child.ref();
    await this.#ended;
  }
}
