import { spawn, type ChildProcess } from 'node:child_process';
import { closeSync, openSync, readFileSync } from 'node:fs';
import type { Socket } from 'node:net';
import { createInterface } from 'node:readline';

/** What a process is started with. */
export interface Launch {
  /** Its name in errors. */
  readonly name: string;
  readonly command: readonly [binary: string, ...args: string[]];
  readonly logFile: string;
  readonly workDir: string;
  /** Whether it prints a line when it is ready; what it prints to standard output then goes into no log. */
  readonly announces?: boolean;
}

/** One running process; it ends with this one, however this one ends. */
export class ServerProcess {
  readonly #launch: Launch;
  readonly #child: ChildProcess;
  readonly #ended: Promise<void>;
  #exit: string | undefined;

  constructor(launch: Launch) {
    this.#launch = launch;
    const log = openSync(launch.logFile, 'a');
    const [binary, ...args] = launch.command;
    try {
      this.#child = spawn(binary, args, {
        cwd: launch.workDir,
        // Nothing ever goes through stdin: its closing tells the child that we are gone.
        stdio: ['pipe', launch.announces ? 'pipe' : log, log],
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
    for (const pipe of [this.#child.stdin, this.#child.stdout] as (Socket | null)[]) {
      pipe?.on('error', () => undefined);
      pipe?.unref();
    }
  }

  get pid(): number | undefined {
    return this.#child.pid;
  }

  /** Resolves when the process has ended. */
  get ended(): Promise<void> {
    return this.#ended;
  }

  /** The first line that the process prints; rejects with its last words when it ends before. */
  async announcement(): Promise<string> {
    const output = this.#child.stdout as Socket | null;
    if (output === null) throw new Error(`${this.#launch.name} was not started to announce anything`);
    const line = new Promise<string>((resolve) => createInterface({ input: output }).once('line', resolve));
    const end = this.#ended.then(() => {
      throw new Error(this.failure());
    });
    output.ref();
    return Promise.race([line, end]).finally(() => output.unref());
  }

  /** Waits until the process has ended by itself; rejects with its last words when it did not end well. */
  async success(): Promise<void> {
    await this.#end(() => undefined);
    if (this.#child.exitCode !== 0) throw new Error(this.failure());
  }

  /** Says how the process ended and what it logged last; undefined while it runs. */
  failure(): string | undefined {
    if (this.#exit === undefined) return undefined;
    return `${this.#launch.name} ${this.#exit}:\n${this.lastLines()}`;
  }

  /** The end of the log. */
  lastLines(count = 8): string {
    return readFileSync(this.#launch.logFile, 'utf8').trimEnd().split('\n').slice(-count).join('\n');
  }

  /** Ends the process at once. Nothing here outlives a test, so there is nothing to save. */
  async kill(): Promise<void> {
    await this.#end(() => this.#child.kill('SIGKILL'));
  }

  /** Asks the process to end, by SIGTERM, and waits until it has. */
  async terminate(): Promise<void> {
    await this.#end(() => this.#child.kill('SIGTERM'));
  }

  /** Lets go of the process, as if this one had ended, and waits until it has tidied up. */
  async release(): Promise<void> {
    await this.#end(() => this.#child.stdin?.destroy());
  }

  async #end(ask: () => unknown): Promise<void> {
    ask();
    // unref() let go of the handle; hold the loop until the exit is seen.
    this.#child.ref();
    await this.#ended;
  }
}
