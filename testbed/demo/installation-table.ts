// The demo's picture of an installation: pure, so that it can be tested without a cluster.
import type { Line, Tone } from './line.ts';

/** What the demo knows of one workload. */
export interface WorkloadView {
  name: string;
  ready: number;
  wanted: number;
}

/** What the demo knows of an installation. */
export interface InstallationView {
  /** The summary: `Ready`, or the reason and message of what is still to do. */
  ready: { status: string; reason: string; message: string };
  /** Component name to its status, in the order of the resource's status. */
  components: readonly (readonly [string, string])[];
  workloads: readonly WorkloadView[];
  seconds: number;
}

const STATUS_WIDTH = 12;

/** The lines of the live table. */
export function renderInstallation(view: InstallationView): Line[] {
  const rows = [
    ...view.components.map(([name, status]) => ({ name, status, tone: toneOf(status), count: '' })),
    ...view.workloads.map((workload) => ({
      name: `  deployment/${workload.name}`,
      status: isWorkloadReady(workload) ? 'Ready' : 'starting',
      tone: isWorkloadReady(workload) ? ('good' as const) : ('quiet' as const),
      count: `${workload.ready}/${workload.wanted}`,
    })),
  ];
  const width = Math.max(...rows.map(({ name }) => name.length), 'COMPONENT'.length);
  return [
    [['heading', `${'COMPONENT'.padEnd(width)}  ${'STATUS'.padEnd(STATUS_WIDTH)}  PODS`]],
    ...rows.map(({ name, status, tone, count }): Line => [
      `${name.padEnd(width)}  `,
      [tone, count === '' ? status : status.padEnd(STATUS_WIDTH)],
      count === '' ? '' : `  ${count}`,
    ]),
    [`${view.seconds.toFixed(1)} s  `, [view.ready.status === 'True' ? 'good' : 'quiet', summaryOf(view)]],
  ];
}

/** What changed since the last view, for an output that cannot be redrawn: one line each. */
export function renderInstallationChanges(before: InstallationView | undefined, after: InstallationView): string[] {
  const old = new Map<string, string>(before ? entriesOf(before) : []);
  return entriesOf(after)
    .filter(([name, text]) => old.get(name) !== text)
    .map(([name, text]) => `${after.seconds.toFixed(1).padStart(6)} s  ${name}: ${text}`);
}

function entriesOf(view: InstallationView): [string, string][] {
  return [
    ...view.components.map(([name, status]): [string, string] => [name, status]),
    ...view.workloads.map((workload): [string, string] => [
      `deployment/${workload.name}`,
      `${workload.ready}/${workload.wanted} ready`,
    ]),
    ['IstioOperator istio-system/istio', summaryOf(view)],
  ];
}

function isWorkloadReady(workload: WorkloadView): boolean {
  return workload.wanted > 0 && workload.ready >= workload.wanted;
}

function toneOf(status: string): Tone {
  if (status === 'HEALTHY') return 'good';
  return status === 'ERROR' ? 'bad' : 'quiet';
}

function summaryOf({ ready }: InstallationView): string {
  if (ready.status === 'True') return 'Ready';
  const why = [ready.reason, ready.message].filter((text) => text !== '').join(': ');
  return why === '' ? 'waiting for the operator' : why;
}
