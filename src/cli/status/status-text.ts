import { readyOf, type MeshStatus } from './mesh-status.ts';
import { describeUnread } from '../../core/mesh/mesh-state.ts';
import type { Installation } from '../../core/report/mesh-report.ts';
import { MTLS_COLUMNS } from '../mtls/mtls-kind.ts';
import { ROLLOUT_COLUMNS } from '../rollout/rollout-kind.ts';
import { SHIFT_COLUMNS } from '../shift/shift-kind.ts';
import { STAGED_WORDS, stagedTable } from '../staged/staged-text.ts';
import { spanText } from '../shell/age.ts';
import { colourWords } from '../shell/colour-words.ts';
import { toTable, wrapWords } from '../shell/table.ts';

/** How a status is written. */
export interface Look {
  /** Characters of a line. */
  columns: number;
  isColoured: boolean;
}

const WORDS = {
  good: ['True', 'Binding', 'HEALTHY', 'ready', ...STAGED_WORDS.good],
  odd: ['Unknown', 'Open', 'RECONCILING', 'UPDATING', 'Warning', ...STAGED_WORDS.odd],
  bad: ['False', 'Untrusted', 'ERROR', 'Error', ...STAGED_WORDS.bad],
};

/** A status for people: a table for each part that there is something to say of. */
export function statusText(status: MeshStatus, look: Look): string {
  const text = [
    operators(status, look),
    installations(status, look),
    controlPlanes(status, look),
    proxies(status, look),
    changes(status, look),
    webhooks(status, look),
    certificates(status, look),
    findings(status, look),
    unread(status, look),
  ]
    .filter((part) => part !== '')
    .join('\n');
  return look.isColoured ? colourWords(text, WORDS) : text;
}

function table(head: readonly string[], rows: readonly (readonly string[])[], { columns }: Look): string {
  return rows.length === 0 ? '' : toTable([head, ...rows], columns);
}

/** The operators as a table. */
export function operators({ operators: rows }: Pick<MeshStatus, 'operators'>, look: Look): string {
  if (rows.length === 0) return 'no operator in sight: sailwright install brings one\n';
  const cells = rows.map(({ namespace, name, version, replicas }) => [
    `${namespace}/${name}`,
    replicasText(replicas),
    version,
  ]);
  return table(['OPERATOR', 'READY', 'VERSION'], cells, look);
}

function replicasText({ ready, wanted }: { ready: number; wanted: number }): string {
  return `${ready}/${wanted}`;
}

function installations({ installations: rows, at }: MeshStatus, look: Look): string {
  const cells = rows.map((installation) => {
    const { namespace, name, revision, version } = installation;
    const ready = readyOf(installation);
    const age = ready ? spanText(Date.parse(at) - Date.parse(ready.since)) : '';
    return [
      ...[`${namespace}/${name}`, revision || 'default', version, ready?.status ?? 'Unknown', age],
      ready?.message ?? 'no operator has looked at it yet',
    ];
  });
  const head = ['ISTIOOPERATOR', 'REVISION', 'VERSION', 'READY', 'SINCE', 'MESSAGE'];
  return [table(head, cells, look), ...rows.map((each) => details(each, look))]
    .filter((part) => part !== '')
    .join('\n');
}

/** Components, and the conditions that are not as they should be. */
function details(installation: Installation, look: Look): string {
  const { components, conditions, plan } = installation;
  const parts = components.map(({ name, state, version = '', error = '' }) => [name, state, version, error]);
  const troubles = conditions
    .filter(isTrouble)
    .map(({ type, status, reason, message }) => [type, status, reason, message]);
  const waiting = plan ? `plan ${plan.hash} ${plan.state}: ${plan.summary}\n` : '';
  return [
    table(['COMPONENT', 'STATE', 'VERSION', 'ERROR'], parts, look),
    table(['CONDITION', 'STATUS', 'REASON', 'MESSAGE'], troubles, look),
    waiting,
  ]
    .filter((part) => part !== '')
    .join('\n');
}

/** Conditions whose True is bad, as Kubernetes has them. */
const BAD_WHEN_TRUE: ReadonlySet<string> = new Set(['Stalled', 'Reconciling', 'Degraded']);

function isTrouble({ type, status }: Installation['conditions'][number]): boolean {
  if (type === 'Ready') return false;
  return BAD_WHEN_TRUE.has(type) ? status === 'True' : status === 'False';
}

/** The control planes as a table; nothing where there is none. */
export function controlPlanes({ controlPlanes: rows }: Pick<MeshStatus, 'controlPlanes'>, look: Look): string {
  const cells = rows.map(({ namespace, revision, release, replicas, supportEnds = 'not known' }) => [
    ...[namespace, revision || 'default', release, replicas ? replicasText(replicas) : '-'],
    supportEnds,
  ]);
  return table(['CONTROL PLANE', 'REVISION', 'VERSION', 'READY', 'SUPPORT ENDS'], cells, look);
}

function proxies({ proxies: rows, missedPods }: MeshStatus, look: Look): string {
  const cells = rows.map(({ version, revision, pods, stale }) => [version, revision, String(pods), String(stale)]);
  const missed =
    missedPods === 0
      ? ''
      : `${missedPods} ${missedPods === 1 ? 'pod has' : 'pods have'} no sidecar although injection is asked for\n`;
  const more = rows.length === 0 ? '' : 'what else a restart would change tells sailwright proxies --stale\n';
  return `${table(['PROXIES', 'REVISION', 'PODS', 'OTHER VERSION'], cells, look)}${more}${missed}`;
}

function changes({ rollouts, shifts, migrations, at }: MeshStatus, { columns: width }: Look): string {
  const look = { width, now: Date.parse(at) };
  return [
    rollouts.length === 0 ? '' : stagedTable(rollouts, ROLLOUT_COLUMNS, look),
    shifts.length === 0 ? '' : stagedTable(shifts, SHIFT_COLUMNS, look),
    migrations.length === 0 ? '' : stagedTable(migrations, MTLS_COLUMNS, look),
  ]
    .filter((part) => part !== '')
    .join('\n');
}

function webhooks({ webhooks: rows }: MeshStatus, look: Look): string {
  const cells = rows.map(({ configuration, entries, state, calls }) => [configuration, String(entries), state, calls]);
  return table(['WEBHOOKS', 'ENTRIES', 'STATE', 'CALLS'], cells, look);
}

function certificates({ certificates: rows, at }: MeshStatus, look: Look): string {
  const cells = rows.map(({ what, ends }) => [what, ends, `in ${spanText(Date.parse(ends) - Date.parse(at))}`]);
  return table(['CERTIFICATE', 'ENDS', ''], cells, look);
}

function findings({ findings: { errors, warnings, told } }: MeshStatus, look: Look): string {
  const count = errors + warnings;
  if (count === 0) return 'analysis finds no mistakes\n';
  const cells = told
    .filter(({ level }) => level !== 'Info')
    .map(({ level, code, kind, namespace, resource, message }) => [
      ...[level, code, `${kind} ${namespace === '' ? '' : `${namespace}/`}${resource}`],
      message,
    ]);
  const rest = count > cells.length ? `${count - cells.length} more: sailwright analyze\n` : '';
  return `${table(['FINDING', 'CODE', 'RESOURCE', 'MESSAGE'], cells, look)}${rest}`;
}

function unread({ unread: rows }: MeshStatus, { columns }: Look): string {
  return rows
    .flatMap((each) => wrapWords(describeUnread(each), columns))
    .map((line) => `${line}\n`)
    .join('');
}
