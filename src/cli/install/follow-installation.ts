import { setTimeout as pause } from 'node:timers/promises';
import { ISTIO_OPERATOR } from '../../api/install/istio-operator-kind.ts';
import type { IstioOperatorStatus } from '../../api/install/istio-operator-status.ts';
import type { KubeObject } from '../../core/kube-object.ts';
import { ownerKey, type Owner } from '../../core/plan/owner-labels.ts';
import type { KubeApi } from '../../kube/kube-api.ts';
import { currentConditions } from '../shell/await-resource.ts';
import type { Io } from '../shell/io.ts';
import { wrapText } from '../shell/wrap-text.ts';

const INTERVAL_MS = 500;
/** Where the operator stops by itself, it stays a moment in case that it is about to go on. */
const STALLED_LOOKS = 10;

/** How an installation ended: undefined when all of it is ready, else why not. */
export type Outcome = string | undefined;

/** Follows an IstioOperator until it is ready, cannot go on, or time is over; tells of each component. @throws ApiError */
export async function followInstallation(api: KubeApi, owner: Owner, io: Io, timeoutMs: number): Promise<Outcome> {
  const end = performance.now() + timeoutMs;
  const tell = io.isTerminal ? onScreen(io) : inLines(io);
  for (let stalled = 0; ;) {
    const resource = await api.get({ ...ISTIO_OPERATOR, ...owner });
    const { lines, outcome } = resource ? describeProgress(resource) : { lines: [], outcome: 'open' as const };
    tell(lines);
    if (outcome === 'ready') return undefined;
    stalled = typeof outcome === 'object' ? stalled + 1 : 0;
    if (typeof outcome === 'object' && stalled >= STALLED_LOOKS) return outcome.why;
    if (performance.now() >= end) {
      return `IstioOperator ${ownerKey(owner)} is not ready after ${timeoutMs / 1000} s, and the operator goes on with it: sailwright status tells how it stands`;
    }
    await pause(INTERVAL_MS);
  }
}

interface Progress {
  /** One for each component, and one for the whole. */
  lines: string[];
  outcome: 'open' | 'ready' | { why: string };
}

/** What an IstioOperator says of how far it is. */
export function describeProgress(resource: KubeObject): Progress {
  const { componentStatus = {} } = (resource['status'] ?? {}) as IstioOperatorStatus;
  const conditions = currentConditions(resource);
  const ready = conditions.find(({ type }) => type === 'Ready');
  const stalled = conditions.find(({ type, status }) => type === 'Stalled' && status === 'True');
  const components = Object.entries(componentStatus);
  const width = Math.max(0, ...components.map(([name]) => name.length));
  const lines = components.map(
    ([name, { status, error }]) => `${name.padEnd(width)}  ${status}${error ? `  ${error}` : ''}`,
  );
  const healthy = components.filter(([, { error }]) => !error).length;
  // The condition repeats what stands above it.
  if (healthy < components.length) lines.push(`${healthy} of ${components.length} components run`);
  else lines.push(ready?.message ?? 'waiting for the operator to look at it');
  if (ready?.status === 'True') return { lines, outcome: 'ready' };
  return { lines, outcome: stalled ? { why: stalled.message } : 'open' };
}

/** The new state in the place of the old one. */
function onScreen({ err, columns }: Io): (lines: readonly string[]) => void {
  let height = 0;
  return (lines) => {
    const shown = lines.flatMap((line) => wrapText(line, columns - 2, '    ').split('\n'));
    const back = height > 0 ? `\u001b[${height}A\u001b[J` : '';
    err(`${back}${shown.map((line) => `  ${line}\n`).join('')}`);
    height = shown.length;
  };
}

/** Each line once, when it is new. */
function inLines({ err }: Io): (lines: readonly string[]) => void {
  let told: readonly string[] = [];
  return (lines) => {
    for (const line of lines) if (!told.includes(line)) err(`${line}\n`);
    told = lines;
  };
}
