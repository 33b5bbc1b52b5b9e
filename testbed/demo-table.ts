// The demo's picture of an installation: pure, so that it can be tested without a cluster.

/** What the demo knows of one workload. */
export interface WorkloadView {
  name: string;
  ready: number;
  wanted: number;
}

/** What the demo knows of the installation. */
export interface DemoView {
  /** The summary: `Ready`, or the reason and message of what is still to do. */
  ready: { status: string; reason: string; message: string };
  /** Component name to its status, in the order of the resource's status. */
  components: readonly (readonly [string, string])[];
  workloads: readonly WorkloadView[];
  seconds: number;
}

/** The lines of the live table, each cut to the terminal's width. */
export function renderTable(view: DemoView, columns = 100): string[] {
  const rows = [
    ...view.components.map(([name, status]) => [name, status, '']),
    ...view.workloads.map((workload) => [
      `  deployment/${workload.name}`,
      isWorkloadReady(workload) ? 'Ready' : 'starting',
      `${workload.ready}/${workload.wanted}`,
    ]),
  ];
  const width = Math.max(...rows.map((row) => row[0]?.length ?? 0), 'COMPONENT'.length);
  const line = ([name = '', status = '', count = '']: string[]): string =>
    `${name.padEnd(width)}  ${status.padEnd(12)}  ${count}`.trimEnd();
  return [
    line(['COMPONENT', 'STATUS', 'PODS']),
    ...rows.map(line),
    `${view.seconds.toFixed(1)} s  ${summaryOf(view)}`,
  ].map((text) => text.slice(0, Math.max(columns - 1, 20)));
}

/** What changed since the last view, for an output that cannot be redrawn: one line each. */
export function renderChanges(before: DemoView | undefined, after: DemoView): string[] {
  const old = new Map<string, string>(before ? entriesOf(before) : []);
  return entriesOf(after)
    .filter(([name, text]) => old.get(name) !== text)
    .map(([name, text]) => `${after.seconds.toFixed(1).padStart(6)} s  ${name}: ${text}`);
}

function entriesOf(view: DemoView): [string, string][] {
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

function summaryOf({ ready }: DemoView): string {
  if (ready.status === 'True') return 'Ready';
  const why = [ready.reason, ready.message].filter((text) => text !== '').join(': ');
  return why === '' ? 'waiting for the operator' : why;
}
