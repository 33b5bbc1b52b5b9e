import { friendlyName, fullName, type Resource } from '../../core/analyze/resource.ts';
import { adviceFor } from '../../core/mtls/advice.ts';
import { shortHost } from '../../core/mtls/find-host.ts';
import type { CheckedServer, TlsCheck } from '../../core/mtls/tls-check.ts';
import type { Status } from '../../core/mtls/verdict.ts';
import type { Workload } from '../../core/mtls/workload.ts';
import { groupBy } from '../../core/group-by.ts';
import { plural } from '../../core/plural.ts';
import { toTable } from '../shell/table.ts';
import { wrapText } from '../shell/wrap-text.ts';

const HEADINGS = ['HOST:PORT', 'STATUS', 'SERVER', 'CLIENT', 'AUTHN POLICY', 'DESTINATION RULE'];
const INDENT = ' '.repeat(10);
/** Of a long list the first tell what is wrong. */
const MAX_EXPLAINED = 20;

const CARRIERS: Record<Workload['carrier'], string> = {
  sidecar: 'with a sidecar',
  gateway: 'a gateway',
  ambient: 'in ambient mode',
  none: 'without a proxy: it sends plain text',
};

const SERVERS: Record<CheckedServer['carrier'], string> = {
  sidecar: '',
  ambient: '',
  gateway: 'gateway',
  none: 'no proxy',
  outside: 'outside',
  unknown: '-',
};

/** The table, and what there is to say of each row that does not fit. */
export function checkText(client: Workload, checks: readonly TlsCheck[], columns: number): string {
  const explained = checks.filter(({ status }) => status === 'CONFLICT' || status === 'DEPENDS');
  const alike = [...groupBy(explained, explanationOf)];
  const more = alike.slice(MAX_EXPLAINED).flatMap(([, each]) => each).length;
  const parts = [
    `Client ${client.name} in ${client.namespace}, ${CARRIERS[client.carrier]}\n\n`,
    fittingTable(checks, columns),
    ...alike.slice(0, MAX_EXPLAINED).map(([text, each]) => explain(each, text, columns)),
    ...(more > 0 ? [`\nand ${more} more; -o json tells all\n`] : []),
    `\n${summaryOf(checks)}\n`,
  ];
  return parts.join('');
}

/** Where the lines would not fit otherwise hosts are shortened, and at last DestinationRules stand below. */
function fittingTable(checks: readonly TlsCheck[], columns: number): string {
  const tableWith = (hostOf: (host: string) => string): string =>
    toTable([HEADINGS, ...checks.map((check) => cellsOf(check, hostOf))]);
  const fitting = [(host: string) => host, shortHost]
    .map(tableWith)
    .find((table) => table.split('\n').every((line) => line.length <= columns));
  if (fitting !== undefined) return fitting;
  const rows = checks.map((check) => {
    const cells = cellsOf(check, shortHost);
    const rule = cells.pop() ?? '-';
    return [...cells, rule === '-' ? '' : `by DestinationRule ${rule}`];
  });
  return toTable([HEADINGS, ...rows], columns);
}

function cellsOf(check: TlsCheck, hostOf: (host: string) => string): string[] {
  const { status, server, client } = check;
  return [
    placeOf(check, hostOf),
    statusText(status),
    serverText(server),
    clientText(check),
    nameOf(server.by),
    client.isHidden ? '-' : nameOf(client.setting.by),
  ];
}

function placeOf({ host, port, subset }: TlsCheck, hostOf: (host: string) => string): string {
  return `${hostOf(host)}:${port}${subset === undefined ? '' : ` (${subset})`}`;
}

function statusText(status: Status): string {
  return status === 'NONE' ? '-' : status;
}

function serverText({ mode, carrier, pods, of }: CheckedServer): string {
  const text = mode === undefined ? SERVERS[carrier] : carrier === 'ambient' ? `${mode}, ambient` : mode;
  return pods < of ? `${text} (${pods} of ${of})` : text;
}

const SENT: Record<TlsCheck['client']['wire'], string> = {
  plain: 'plain',
  mtls: 'mTLS',
  hbone: 'HBONE',
  tls: 'TLS',
  'own-tls': 'own TLS',
  refused: 'refused',
};

function clientText({ client: { wire, setting, isAutomatic } }: TlsCheck): string {
  if (isAutomatic) return `auto: ${SENT[wire]}`;
  return setting.mode === undefined ? SENT[wire] : setting.mode;
}

function nameOf(resource: Resource | undefined): string {
  return resource ? fullName(resource) : '-';
}

/** Rows of which the same is to be said, such as the ports of a gateway, are named together. */
function explain(checks: readonly TlsCheck[], explanation: string, columns: number): string {
  const places = checks.map((check) => placeOf(check, shortHost)).join(', ');
  const lines = `${places} ${explanation}`.split('\n');
  return `\n${lines.map((line) => wrapText(line, columns, INDENT)).join('\n')}\n`;
}

function explanationOf(check: TlsCheck): string {
  const { status, why, server, client } = check;
  const { setting } = client;
  const lines = [
    `${status}: ${why}`,
    sideText('server', server.by, `${server.path ?? ''}: ${server.mode ?? ''}`),
    sideText(
      'client',
      client.isHidden ? client.hiddenBy : setting.by,
      client.isHidden ? 'spec.egress' : ruleText(check),
    ),
    adviceText(check),
  ];
  return lines.filter((line) => line !== '').join('\n');
}

function ruleText({ client: { setting, wire } }: TlsCheck): string {
  const mode = setting.mode === undefined ? 'nothing of TLS at the port' : setting.mode;
  const unread = setting.needsSecret && wire === 'plain' ? ', by a Secret that sidecars do not read' : '';
  return `${setting.path ?? ''}: ${mode}${unread}`;
}

function sideText(side: string, by: Resource | undefined, place: string): string {
  return by ? `  ${side}: ${friendlyName(by)}, ${place}` : '';
}

function adviceText(check: TlsCheck): string {
  const advice = adviceFor(check);
  return advice === undefined ? '' : `  to do:  ${advice}`;
}

/** Counts rows, of which a port has several where its pods or subsets differ: so the parts add up to the whole. */
function summaryOf(checks: readonly TlsCheck[]): string {
  if (checks.length === 0) return 'There is no service.';
  const hosts = new Set(checks.map(({ host }) => host)).size;
  const ports = new Set(checks.map(({ host, port }) => `${host}:${port}`)).size;
  const counts = (['OK', 'CONFLICT', 'DEPENDS', 'NONE'] as const).flatMap((status) => {
    const count = checks.filter((check) => check.status === status).length;
    return count === 0 ? [] : [`${count} ${status === 'NONE' ? 'with nothing to compare (-)' : status}`];
  });
  const places = `${plural(ports, 'port')} of ${plural(hosts, 'host')}`;
  const whole = checks.length === ports ? places : `${plural(checks.length, 'row')} for ${places}`;
  return `${whole}: ${counts.join(', ')}`;
}
