import type { WorkloadNode } from '../core/report/route-map.ts';
import type { Trace } from '../core/report/trace-request.ts';

/** Boxes in columns, and lines between them; sizes in pixels. */
export interface TraceDrawing {
  width: number;
  height: number;
  boxes: DrawnBox[];
  lines: DrawnLine[];
}

export interface DrawnBox {
  x: number;
  y: number;
  kind: string;
  label: string;
  /** Something that a route names, and nothing has. */
  isMissing: boolean;
}

export interface DrawnLine {
  from: { x: number; y: number };
  to: { x: number; y: number };
  label: string;
  isCertain: boolean;
}

export const BOX = { width: 215, height: 46 };
const COLUMN = 290;
const ROW = 62;
const MARGIN = 8;

interface Node extends Omit<DrawnBox, 'x' | 'y'> {
  column: number;
  key: string;
}

interface Link {
  from: string;
  to: string;
  label: string;
  isCertain: boolean;
}

/** The way of a request from its entrance over VirtualServices, services and subsets to workloads, left to right. */
export function drawTrace(trace: Trace): TraceDrawing {
  const { nodes, links } = collect(trace);
  const heights = new Map<number, number>();
  const placed = new Map<string, DrawnBox>();
  for (const { column, key, ...box } of nodes.values()) {
    const row = heights.get(column) ?? 0;
    heights.set(column, row + 1);
    placed.set(key, { ...box, x: MARGIN + column * COLUMN, y: MARGIN + row * ROW });
  }
  const columns = Math.max(...[...nodes.values()].map(({ column }) => column)) + 1;
  return {
    width: 2 * MARGIN + (columns - 1) * COLUMN + BOX.width,
    height: 2 * MARGIN + (Math.max(...heights.values()) - 1) * ROW + BOX.height,
    boxes: [...placed.values()],
    lines: [...links.values()].flatMap(({ from, to, label, isCertain }) => {
      const [start, end] = [placed.get(from), placed.get(to)];
      if (!start || !end) return [];
      const middle = BOX.height / 2;
      return [
        {
          from: { x: start.x + BOX.width, y: start.y + middle },
          to: { x: end.x, y: end.y + middle },
          label,
          isCertain,
        },
      ];
    }),
  };
}

function collect({ entrance, rules, targets }: Trace): { nodes: Map<string, Node>; links: Map<string, Link> } {
  const nodes = new Map<string, Node>();
  const links = new Map<string, Link>();
  const add = (column: number, kind: string, label: string, { of = '', isMissing = false } = {}): string => {
    const key = `${kind} ${of} ${label}`;
    if (!nodes.has(key)) nodes.set(key, { column, key, kind, label, isMissing });
    return key;
  };
  const link = (from: string, to: string, label: string, isCertain: boolean): void => {
    const key = `${from} ${to}`;
    const known = links.get(key);
    links.set(key, {
      from,
      to,
      label: label || (known?.label ?? ''),
      isCertain: isCertain || (known?.isCertain ?? false),
    });
  };
  const start = add(
    0,
    entrance === 'mesh' ? 'Callers' : 'Gateway',
    entrance === 'mesh' ? 'pods with a sidecar' : entrance,
  );
  for (const { virtualService, rule, verdict } of rules.filter((each) => each.verdict !== 'passed over')) {
    const isCertain = verdict === 'taken';
    const via = add(1, 'VirtualService', virtualService);
    link(start, via, '', isCertain);
    if (rule.instead !== '') link(via, add(2, 'Answer', rule.instead), rule.field, isCertain);
    for (const target of targets.filter((each) => rule.targets.some((own) => isSameTarget(own, each)))) {
      const service = add(2, 'Service', target.host, { isMissing: !target.service?.from });
      link(via, service, target.isMirror ? 'copy' : rule.field, isCertain);
      addPods(target, service);
    }
  }
  return { nodes, links };

  function addPods({ host, subset, service, weight, isCertain }: Trace['targets'][number], from: string): void {
    if (!service) return;
    const chosen = service.subsets.find(({ name }) => name === subset);
    const at = subset === '' ? from : add(3, 'Subset', subset, { of: host, isMissing: !chosen });
    if (subset !== '') link(from, at, `${weight} %`, isCertain);
    for (const { name, pods } of (subset === '' ? service : chosen)?.workloads ?? NONE) {
      link(at, add(4, 'Workload', `${name}, ${pods}`), '', isCertain);
    }
  }
}

const NONE: readonly WorkloadNode[] = [];

type Target = Trace['rules'][number]['rule']['targets'][number];

function isSameTarget(one: Target, other: Target): boolean {
  return one.host === other.host && one.subset === other.subset && one.isMirror === other.isMirror;
}
