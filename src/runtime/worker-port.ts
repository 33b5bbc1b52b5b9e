import { readlinkSync } from 'node:fs';
import { constants, setPriority } from 'node:os';
import { parentPort, workerData } from 'node:worker_threads';
import type { JobAnswer, JobMessage, WorkerNature } from './worker-pool.ts';

/** In a worker: answers all jobs by a function. */
export function serveJobs(carryOut: (job: unknown) => unknown): void {
  if ((workerData as WorkerNature).givesWay) giveWay();
  parentPort?.on('message', ({ id, job }: JobMessage) => {
    void answerOf(id, job, carryOut).then((answer) => parentPort?.postMessage(answer));
  });
}

async function answerOf(id: number, job: unknown, carryOut: (job: unknown) => unknown): Promise<JobAnswer> {
  try {
    return { id, ok: true, result: await carryOut(job) };
  } catch (error) {
    return { id, ok: false, error: error instanceof Error ? (error.stack ?? error.message) : String(error) };
  }
}

/** On Linux a thread has a priority of its own: where there is one processor, others must not wait for this one. */
function giveWay(): void {
  try {
    const thread = Number(readlinkSync('/proc/thread-self').split('/').at(-1));
    setPriority(thread, constants.priority.PRIORITY_BELOW_NORMAL);
  } catch {
    // Elsewhere the system shares alone.
  }
}
