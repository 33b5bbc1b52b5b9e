// The mesh demo's picture of requests: pure, so that it can be tested without a mesh.
import { plainText, type Line, type Tone } from './line.ts';
import { SHARE_OF_LAST, type CallerCount } from './traffic-count.ts';

/** What the demo knows of the mesh's traffic. */
export interface TrafficView {
  readonly seconds: number;
  /** The service that is called. */
  readonly service: string;
  /** The identity in the certificate that it shows. */
  readonly serviceIdentity: string;
  /** What holds now, or is waited for. */
  readonly note: string;
  readonly callers: readonly CallerCount[];
}

const HEADERS = ['CALLER', 'SERVER', 'REQUESTS', `OF LAST ${SHARE_OF_LAST}`, "CALLER'S IDENTITY"] as const;
/** Numbers stand at the right edge of their columns. */
const NUMBERS = [2, 3];
const TRUST_DOMAIN = /^spiffe:\/\/[^/]+/;

interface Row {
  readonly cells: readonly string[];
  readonly tone: Tone;
}

/** The lines of the live table. Where the terminal is narrow, identities are told without their trust domain. */
export function renderTraffic(view: TrafficView, width: number): Line[] {
  const rows = view.callers.flatMap((caller) => rowsOf(view, caller));
  const whole = layOut(rows);
  const fits = whole.every((line) => plainText(line).length <= width);
  const table = fits ? whole : layOut(rows.map(({ cells, tone }) => ({ cells: cells.map(withoutDomain), tone })));
  return [[], ...table, ...summaryOf(view)];
}

/** What changed since the last view, for an output that cannot be redrawn: one line each. */
export function renderTrafficChanges(before: TrafficView | undefined, after: TrafficView): string[] {
  const old = new Set(before === undefined ? [] : factsOf(before));
  const time = `${after.seconds.toFixed(1).padStart(6)} s`;
  return factsOf(after)
    .filter((fact) => !old.has(fact))
    .map((fact) => `${time}  ${fact}`);
}

function rowsOf({ service }: TrafficView, { caller, routes, refused, reason, streak }: CallerCount): Row[] {
  const isRefused = streak.outcome === 'refused';
  const answered = routes.map(({ server, identity, answered, share }): Row => ({
    cells: [caller, `${service} ${server}`, String(answered), percent(share), identity || 'none: plain text'],
    tone: isRefused ? 'quiet' : 'good',
  }));
  if (refused === 0) return answered;
  const cells = [caller, service, String(refused), '', `refused: ${reason}`];
  return [...answered, { cells, tone: isRefused ? 'bad' : 'quiet' }];
}

function layOut(rows: readonly Row[]): Line[] {
  const widths = HEADERS.map((header, column) =>
    Math.max(header.length, ...rows.map(({ cells }) => cells[column]?.length ?? 0)),
  );
  const pad = (cell: string, column: number): string =>
    NUMBERS.includes(column) ? cell.padStart(widths[column] ?? 0) : cell.padEnd(widths[column] ?? 0);
  const lineOf = (cells: readonly string[], tone: Tone): Line => {
    const last = cells.at(-1) ?? '';
    return [`${cells.slice(0, -1).map(pad).join('  ')}  `, [tone, last]];
  };
  return [[['heading', plainText(lineOf(HEADERS, 'heading'))]], ...rows.map(({ cells, tone }) => lineOf(cells, tone))];
}

function summaryOf({ seconds, service, serviceIdentity, note }: TrafficView): Line[] {
  return [[], [`${service} is ${serviceIdentity}`], [`${seconds.toFixed(1)} s  `, ['heading', note]]];
}

/** What is true of the traffic now and may be worth a line when it becomes so. */
function factsOf({ service, callers }: TrafficView): string[] {
  return callers.flatMap(({ caller, routes, streak, reason }) => {
    if (streak.count === 0) return [];
    const name = `${caller} -> ${service}`;
    const seen = routes.map(({ server, identity }) => `${name} ${server}: answered, ${describe(identity)}`);
    return [...seen, streak.outcome === 'refused' ? `${name}: refused (${reason})` : `${name}: requests are answered`];
  });
}

function describe(identity: string): string {
  return identity === '' ? 'in plain text' : `by mTLS as ${identity}`;
}

function withoutDomain(cell: string): string {
  return cell.replace(TRUST_DOMAIN, '...');
}

function percent(share: number): string {
  return `${(share * 100).toFixed(1)} %`;
}
