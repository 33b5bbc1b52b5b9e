import { readFileSync } from 'node:fs';

/** A webhook server in a process of its own: `/inject` and `/validate`, by TLS and HTTP/2 or HTTP/1.1. */
export interface MeasuredServer {
  name: string;
  port: number;
  pid: number;
  stop: () => Promise<void>;
}

/** What a process has taken so far: CPU in milliseconds, resident memory in bytes. */
export interface ProcessUsage {
  cpu: number;
  memory: number;
}

/** Linux counts in hundredths of a second, whatever the machine. */
const TICK_MS = 10;
const PAGE = 4096;

/** Reads what the kernel counts, which is the same for every runtime. @throws Error where there is no /proc */
export function readUsage({ pid }: Pick<MeasuredServer, 'pid'>): ProcessUsage {
  const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
  // The name of the program, in brackets, may hold anything.
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  const [user, system, pages] = [fields[11], fields[12], fields[21]].map(Number);
  return { cpu: ((user ?? NaN) + (system ?? NaN)) * TICK_MS, memory: (pages ?? NaN) * PAGE };
}
