import type { JSX } from 'preact';
import type { ConditionRow, ControlPlaneRow, Installation, MeshReport } from '../../core/report/mesh-report.ts';
import { Mark, type Tone } from '../parts/mark.tsx';
import { PagedTable, type Column } from '../parts/paged-table.tsx';
import { Nothing, Section } from '../parts/section.tsx';
import { relativeTime, revisionText } from '../text.ts';

/** IstioOperators with all that their status says, and every control plane. */
export function Installations({ mesh }: { mesh: MeshReport }): JSX.Element {
  return (
    <Section
      id="installations"
      title="Installations"
      about="What each IstioOperator has installed and how it fares, and every control plane in the cluster, whoever installed it."
    >
      {mesh.installations.length === 0 && <Nothing>There is no IstioOperator.</Nothing>}
      {mesh.installations.map((each) => (
        <OneInstallation installation={each} at={mesh.at} />
      ))}
      <PagedTable
        caption="Control planes"
        columns={CONTROL_PLANES}
        rows={mesh.controlPlanes}
        nothing="No control plane was found."
      />
    </Section>
  );
}

const CONTROL_PLANES: readonly Column<ControlPlaneRow>[] = [
  { title: 'Namespace', text: ({ namespace }) => namespace },
  { title: 'Revision', text: ({ revision }) => revisionText(revision) },
  { title: 'Release', text: ({ release }) => release || 'not said' },
  { title: 'Support ends', text: ({ supportEnds }) => supportEnds ?? 'not known' },
  {
    title: 'Replicas ready',
    text: ({ replicas }) => (replicas ? `${replicas.ready} of ${replicas.wanted}` : 'none'),
    cell: ({ replicas }) =>
      replicas ? (
        <Mark tone={replicas.ready >= replicas.wanted ? 'good' : replicas.ready > 0 ? 'warn' : 'bad'}>
          {`${replicas.ready} of ${replicas.wanted}`}
        </Mark>
      ) : (
        'no Deployment'
      ),
  },
];

function OneInstallation({ installation, at }: { installation: Installation; at: string }): JSX.Element {
  const { namespace, name, state, version, revision, supportEnds, plan } = installation;
  return (
    <article class="card">
      <h3>
        {namespace}/{name} <Mark tone={toneOfState(state)}>{state || 'not looked at yet'}</Mark>
      </h3>
      <dl class="facts">
        <dt>Version</dt>
        <dd>{version || 'nothing installed'}</dd>
        <dt>Revision</dt>
        <dd>{revisionText(revision)}</dd>
        <dt>Support ends</dt>
        <dd>{supportEnds ?? 'not known'}</dd>
        {plan && (
          <>
            <dt>Plan</dt>
            <dd>
              {plan.state}: {plan.summary} (<code>{plan.hash}</code>)
            </dd>
          </>
        )}
      </dl>
      <PagedTable
        caption={`Conditions of ${namespace}/${name}`}
        columns={conditionColumns(at)}
        rows={installation.conditions}
        nothing="No operator has written a status."
      />
      <PagedTable
        caption={`Components of ${namespace}/${name}`}
        columns={COMPONENTS}
        rows={installation.components}
        nothing="No component is installed."
      />
    </article>
  );
}

const COMPONENTS: readonly Column<Installation['components'][number]>[] = [
  { title: 'Component', text: ({ name }) => name },
  { title: 'State', text: ({ state }) => state, cell: ({ state }) => <Mark tone={toneOfState(state)}>{state}</Mark> },
  { title: 'Version', text: ({ version }) => version ?? '' },
  { title: 'What is wrong', text: ({ error }) => error ?? '' },
];

function conditionColumns(at: string): readonly Column<ConditionRow>[] {
  return [
    { title: 'Condition', text: ({ type }) => type },
    {
      title: 'Status',
      text: ({ status }) => status,
      cell: (row) => <Mark tone={toneOfCondition(row)}>{row.status}</Mark>,
    },
    { title: 'Reason', text: ({ reason }) => reason },
    {
      title: 'Since',
      text: ({ since }) => relativeTime(since, at),
      cell: ({ since }) => <Since since={since} at={at} />,
    },
    { title: 'Message', text: ({ message }) => message },
  ];
}

function Since({ since, at }: { since: string; at: string }): JSX.Element {
  return (
    <time dateTime={since} title={since}>
      {relativeTime(since, at)}
    </time>
  );
}

function toneOfState(state: string): Tone {
  if (state === 'HEALTHY') return 'good';
  if (state === 'ERROR' || state === 'ACTION_REQUIRED') return 'bad';
  return state === '' || state === 'NONE' ? 'plain' : 'warn';
}

/** Of these three True is what one hopes for; all others are there because something is the matter. */
const HOPED_FOR = new Set(['Ready', 'InjectionEnforced', 'ValidationEnforced']);

function toneOfCondition({ type, status }: ConditionRow): Tone {
  if (status === 'Unknown') return 'warn';
  if (HOPED_FOR.has(type)) return status === 'True' ? 'good' : 'bad';
  if (status === 'False') return 'plain';
  return type === 'Stalled' ? 'bad' : 'warn';
}
