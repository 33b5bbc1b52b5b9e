// The same loads on several servers in turn, so that noise meets all alike.
import type { BodyFiles } from './bodies/body-files.ts';
import { median } from './median.ts';
import type { Meter } from './meter.ts';
import { readUsage, type MeasuredServer } from './servers/measured-server.ts';

const ROUNDS = 3;
const LOAD_MS = 1_200;
const WARM_UP_MS = 2_500;
const CONCURRENCIES = [1, 8, 32];

/** Medians of the rounds of one load on one server: answers a second, milliseconds, bytes at the end. */
export interface Figures {
  perSecond: number;
  p50: number;
  p99: number;
  /** Of the server, for each answer. */
  cpu: number;
  memory: number;
}

/** One load, and what each server made of it, by name. */
export interface Comparison {
  work: string;
  concurrency: number;
  figures: Map<string, Figures>;
}

/** What is sent where. */
export interface Work {
  work: string;
  path: string;
  /** A file with one body a line. */
  bodies: string;
  http1?: boolean;
}

export function injectionWorks({ samePod, distinctPods }: BodyFiles): Work[] {
  return [
    { work: 'injection, one pod again and again', path: '/inject', bodies: samePod },
    { work: 'injection, distinct pods', path: '/inject', bodies: distinctPods },
    { work: 'injection, distinct pods, HTTP/1.1', path: '/inject', bodies: distinctPods, http1: true },
  ];
}

export function validationWorks({ sameResource, distinctResources }: BodyFiles): Work[] {
  return [
    { work: 'validation, one resource again and again', path: '/validate', bodies: sameResource },
    { work: 'validation, distinct resources', path: '/validate', bodies: distinctResources },
    { work: 'validation, distinct resources, HTTP/1.1', path: '/validate', bodies: distinctResources, http1: true },
  ];
}

/** Runs all loads on all servers. */
export async function compareServers(
  meter: Meter,
  servers: readonly MeasuredServer[],
  works: readonly Work[],
): Promise<Comparison[]> {
  const comparisons: Comparison[] = [];
  for (const work of works) {
    for (const server of servers) await measure(meter, server, { ...work, concurrency: 8 }, WARM_UP_MS);
    for (const concurrency of CONCURRENCIES) {
      comparisons.push(await compare(meter, servers, { ...work, concurrency }));
    }
  }
  return comparisons;
}

type ConcurrentWork = Work & { concurrency: number };

async function compare(meter: Meter, servers: readonly MeasuredServer[], work: ConcurrentWork): Promise<Comparison> {
  const rounds = new Map(servers.map(({ name }): [string, Figures[]] => [name, []]));
  for (let round = 0; round < ROUNDS; round++) {
    for (const server of servers) rounds.get(server.name)?.push(await measure(meter, server, work));
  }
  const figures = new Map([...rounds].map(([name, of]): [string, Figures] => [name, mediansOf(of)]));
  return { work: work.work, concurrency: work.concurrency, figures };
}

async function measure(
  meter: Meter,
  server: MeasuredServer,
  { path, bodies, concurrency, http1 = false }: ConcurrentWork,
  ms = LOAD_MS,
): Promise<Figures> {
  const before = readUsage(server);
  const { port } = server;
  const { answers, ...times } = await meter.load({ port, path, bodies, concurrency, http1, until: { ms } });
  const { cpu, memory } = readUsage(server);
  return { ...times, cpu: (cpu - before.cpu) / answers, memory };
}

function mediansOf(rounds: readonly Figures[]): Figures {
  const of = (key: keyof Figures): number => median(rounds.map((round) => round[key]));
  return { perSecond: of('perSecond'), p50: of('p50'), p99: of('p99'), cpu: of('cpu'), memory: of('memory') };
}
