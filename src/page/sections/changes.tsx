import type { JSX } from 'preact';
import { changeName, stepText } from '../../core/report/change-text.ts';
import type { MeshReport, MigrationRow, RolloutRow, ShiftRow, StagedRow } from '../../core/report/mesh-report.ts';
import { Mark, type Tone } from '../parts/mark.tsx';
import { PagedTable, type Column } from '../parts/paged-table.tsx';
import { Section } from '../parts/section.tsx';
import { relativeTime } from '../text.ts';

/** How far each change by steps is, what its gates say, and what is in its way. */
export function Changes({ mesh }: { mesh: MeshReport }): JSX.Element {
  const { at, rollouts, shifts, migrations } = mesh;
  const all = [
    ...rollouts.map((row) => ({ kind: 'ProxyRollout', row })),
    ...shifts.map((row) => ({ kind: 'TrafficShift', row })),
    ...migrations.map((row) => ({ kind: 'MutualTLSMigration', row })),
  ];
  const gates = all.flatMap(({ kind, row }) =>
    row.gates.map((gate) => ({ change: `${kind} ${changeName(row)}`, gate })),
  );
  const hindrances = [...rollouts.flatMap(blockedOf), ...migrations.flatMap(findingsOf)];
  return (
    <Section
      id="changes"
      title="Changes"
      about="Changes that go step by step, each with gates: proxies that are renewed, traffic that is shifted, mutual TLS that becomes STRICT."
    >
      <PagedTable
        caption="ProxyRollouts"
        columns={columnsOf(at, 'Proxies to renew', COUNTS)}
        rows={rollouts}
        nothing="There is no ProxyRollout."
      />
      <PagedTable
        caption="TrafficShifts"
        columns={columnsOf(at, 'Traffic to shift', WEIGHTS)}
        rows={shifts}
        nothing="There is no TrafficShift."
      />
      <PagedTable
        caption="MutualTLSMigrations"
        columns={columnsOf(at, 'Mutual TLS to require', MODES)}
        rows={migrations}
        nothing="There is no MutualTLSMigration."
      />
      {all.length > 0 && (
        <>
          <PagedTable caption="What gates said last" columns={GATES} rows={gates} nothing="No gate was asked yet." />
          <PagedTable
            caption="What is in the way, or stays"
            columns={HINDRANCES}
            rows={hindrances}
            nothing="Nothing is in the way."
          />
        </>
      )}
    </Section>
  );
}

function columnsOf<R extends StagedRow>(at: string, title: string, own: readonly Column<R>[]): Column<R>[] {
  const timeOf = (time: string | undefined): string => (time === undefined ? '' : relativeTime(time, at));
  return [
    { title, text: changeName },
    {
      title: 'Phase',
      text: ({ phase }) => phase,
      cell: ({ phase }) => <Mark tone={phaseTone(phase)}>{phase || 'not looked at yet'}</Mark>,
    },
    { title: 'Step', text: stepText },
    ...own,
    { title: 'Since', text: ({ since }) => timeOf(since) },
    { title: 'Next', text: ({ nextAt }) => timeOf(nextAt) },
    { title: 'Message', text: ({ message, isSuspended }) => (isSuspended ? `suspended; ${message}` : message) },
  ];
}

const COUNTS: readonly Column<RolloutRow>[] = [
  { title: 'Stale', text: countOf('stale'), isNumber: true },
  { title: 'Under way', text: countOf('underWay'), isNumber: true },
  { title: 'Renewed', text: countOf('renewed'), isNumber: true },
  { title: 'Blocked', text: countOf('blocked'), isNumber: true },
];

const WEIGHTS: readonly Column<ShiftRow>[] = [
  { title: 'Route', text: ({ route }) => route },
  { title: 'Gets now', text: ({ weight }) => (weight === undefined ? '' : `${weight} %`), isNumber: true },
  { title: 'Weights written by', text: ({ owner }) => owner?.manager ?? '' },
];

const MODES: readonly Column<MigrationRow>[] = [
  { title: 'Mode', text: ({ mode }) => mode },
  { title: 'Policy', text: ({ policy }) => policy },
];

type Gate = StagedRow['gates'][number];

const GATE_TONES: Readonly<Record<Gate['result'], Tone>> = {
  good: 'good',
  bad: 'bad',
  unknown: 'warn',
  silent: 'plain',
};

const GATES: readonly Column<{ change: string; gate: Gate }>[] = [
  { title: 'Change', text: ({ change }) => change },
  { title: 'Gate', text: ({ gate }) => gate.name },
  {
    title: 'Says',
    text: ({ gate }) => gate.result,
    cell: ({ gate }) => <Mark tone={GATE_TONES[gate.result]}>{gate.result}</Mark>,
  },
  { title: 'Why', text: ({ gate }) => gate.message },
];

interface Hindrance {
  change: string;
  what: string;
  reason: string;
  why: string;
  blocks: boolean;
}

const HINDRANCES: readonly Column<Hindrance>[] = [
  { title: 'Change', text: ({ change }) => change },
  { title: 'What', text: ({ what }) => what },
  {
    title: 'Reason',
    text: ({ reason }) => reason,
    cell: ({ reason, blocks }) => <Mark tone={blocks ? 'bad' : 'plain'}>{reason}</Mark>,
  },
  { title: 'Why', text: ({ why }) => why },
];

function blockedOf(row: RolloutRow): Hindrance[] {
  return row.blocked.map(({ kind, namespace, name, reason, message }) => ({
    change: `ProxyRollout ${changeName(row)}`,
    what: `${kind} ${namespace}/${name}`,
    reason,
    why: message,
    blocks: true,
  }));
}

function findingsOf(row: MigrationRow): Hindrance[] {
  return row.report.map(({ reason, blocks, names, count, message }) => ({
    change: `MutualTLSMigration ${changeName(row)}`,
    what: `${names.join(', ')}${count > names.length ? ` and ${count - names.length} more` : ''}`,
    reason,
    why: message,
    blocks,
  }));
}

function countOf(name: keyof NonNullable<RolloutRow['counts']>): (row: RolloutRow) => string {
  return ({ counts }) => (counts ? String(counts[name]) : '');
}

function phaseTone(phase: string): Tone {
  if (phase === 'Done') return 'good';
  if (['Paused', 'RolledBack', 'Aborted', 'Invalid'].includes(phase)) return 'bad';
  return phase === '' ? 'plain' : 'warn';
}
