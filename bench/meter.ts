import { spawn } from 'node:child_process';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { ensureBuilt, type GoBuild } from '../testbed/go-build.ts';

/** In Go, so that it leaves more of the machine to what it measures. */
const METER: GoBuild = {
  name: 'meter',
  title: 'the meter of the bench',
  module: join(import.meta.dirname, 'meter'),
  package: '.',
  output: 'meter',
};

/** What one load got. Times are milliseconds. */
export interface LoadReading {
  answers: number;
  perSecond: number;
  p50: number;
  p99: number;
}

/** What one process took from its start to its end: milliseconds, and bytes at most. */
export interface RunReading {
  wall: number;
  cpu: number;
  peak: number;
}

export interface Load {
  port: number;
  path: string;
  /** A file with one body a line. */
  bodies: string;
  concurrency: number;
  /** By HTTP/1.1 with a connection for each call at once, not by HTTP/2 over one. */
  http1?: boolean;
  /** How many to send, or for how long. */
  until: { answers: number } | { ms: number };
}

/** Measures from outside: webhooks under load, and processes. */
export class Meter {
  readonly #program: string;
  /** No two bodies that have room for a number are the same, whatever came before. */
  #serial = 1;

  private constructor(program: string) {
    this.#program = program;
  }

  static async build(): Promise<Meter> {
    return new Meter(join(await ensureBuilt(METER), 'meter'));
  }

  /** @throws Error when an answer is not 200, or a denial. */
  async load({ port, path, bodies, concurrency, http1, until }: Load): Promise<LoadReading> {
    const end = 'ms' in until ? ['-for', `${until.ms}ms`] : ['-count', String(until.answers)];
    const target = ['-url', `https://127.0.0.1:${port}${path}`, '-bodies', bodies, ...(http1 ? ['-http1'] : [])];
    const flags = ['-concurrency', String(concurrency), '-first', String(this.#serial), ...end];
    const reading = (await this.#measure(['load', ...target, ...flags])) as LoadReading;
    this.#serial += reading.answers + concurrency + 1;
    return reading;
  }

  /** @throws Error when the command fails. */
  async run(command: readonly string[]): Promise<RunReading> {
    return (await this.#measure(['run', ...command])) as RunReading;
  }

  async #measure(args: readonly string[]): Promise<unknown> {
    const child = spawn(this.#program, args, { stdio: ['ignore', 'pipe', 'pipe'] });
    const [told, wrong] = await Promise.all([text(child.stdout), text(child.stderr)]);
    if (told === '') throw new Error(wrong);
    return JSON.parse(told);
  }
}
