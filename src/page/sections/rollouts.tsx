import type { JSX } from 'preact';
import type { MeshReport, RolloutRow } from '../../core/report/mesh-report.ts';
import { Mark, type Tone } from '../parts/mark.tsx';
import { PagedTable, type Column } from '../parts/paged-table.tsx';
import { Section } from '../parts/section.tsx';
import { relativeTime } from '../text.ts';

/** How far each ProxyRollout is, and what it cannot renew. */
export function Rollouts({ mesh }: { mesh: MeshReport }): JSX.Element {
  const blocked = mesh.rollouts.flatMap((rollout) => rollout.blocked.map((each) => ({ rollout, ...each })));
  return (
    <Section
      id="rollouts"
      title="Rollouts"
      about="Proxies that are being renewed in waves, each with gates, and the workloads that cannot be renewed."
    >
      <PagedTable
        caption="ProxyRollouts"
        columns={rolloutColumns(mesh.at)}
        rows={mesh.rollouts}
        nothing="There is no ProxyRollout."
      />
      {mesh.rollouts.length > 0 && (
        <PagedTable
          caption="Workloads that are not renewed"
          columns={BLOCKED}
          rows={blocked}
          nothing="Nothing is blocked."
        />
      )}
    </Section>
  );
}

function rolloutColumns(at: string): readonly Column<RolloutRow>[] {
  return [
    { title: 'Rollout', text: nameOf },
    {
      title: 'Phase',
      text: ({ phase }) => phase,
      cell: ({ phase }) => <Mark tone={toneOf(phase)}>{phase || 'not looked at yet'}</Mark>,
    },
    {
      title: 'Wave',
      text: ({ wave, step, waves }) => (wave === '' ? '' : `${wave} (${Math.min(step + 1, waves)} of ${waves})`),
    },
    { title: 'Since', text: ({ since }) => (since === undefined ? '' : relativeTime(since, at)) },
    { title: 'Stale', text: countOf('stale'), isNumber: true },
    { title: 'Under way', text: countOf('underWay'), isNumber: true },
    { title: 'Renewed', text: countOf('renewed'), isNumber: true },
    { title: 'Blocked', text: countOf('blocked'), isNumber: true },
    { title: 'Message', text: ({ message }) => message },
  ];
}

const BLOCKED: readonly Column<RolloutRow['blocked'][number] & { rollout: RolloutRow }>[] = [
  { title: 'Rollout', text: ({ rollout }) => nameOf(rollout) },
  { title: 'Workload', text: ({ kind, namespace, name }) => `${kind} ${namespace}/${name}` },
  { title: 'Reason', text: ({ reason }) => reason },
  { title: 'Why', text: ({ message }) => message },
];

function countOf(name: keyof NonNullable<RolloutRow['counts']>): (row: RolloutRow) => string {
  return ({ counts }) => (counts ? String(counts[name]) : '');
}

function nameOf({ namespace, name }: RolloutRow): string {
  return `${namespace}/${name}`;
}

function toneOf(phase: string): Tone {
  if (phase === 'Done') return 'good';
  if (['Paused', 'RolledBack', 'Aborted', 'Invalid'].includes(phase)) return 'bad';
  return phase === '' ? 'plain' : 'warn';
}
