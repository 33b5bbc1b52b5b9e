import type { JSX } from 'preact';
import type { MeshReport } from '../../core/report/mesh-report.ts';
import type { NamespaceMutualTls } from '../../core/report/mutual-tls.ts';
import { STRICT_BLOCKERS } from '../../core/report/reasons.ts';
import { Mark, type Tone } from '../parts/mark.tsx';
import { PagedTable, type Column } from '../parts/paged-table.tsx';
import { Nothing, Section } from '../parts/section.tsx';
import { plural, withCommas } from '../text.ts';

/** What holds where, and what STRICT would break. */
export function MutualTls({ mesh }: { mesh: MeshReport }): JSX.Element {
  const { mesh: whole, namespaces, outside } = mesh.mutualTls;
  return (
    <Section
      id="mutual-tls"
      title="Mutual TLS"
      about="Which connections each namespace accepts, and what STRICT breaks or would break there."
    >
      <p>
        Where a namespace says nothing, <strong>{whole.mode}</strong> holds
        {whole.policy === '' ? ', as Istio has it by default.' : ` by ${whole.policy}.`}
      </p>
      {outside.pods > 0 && (
        <Nothing>
          {plural(outside.pods, 'pod')} without a proxy in {plural(outside.namespaces.length, 'namespace')} outside the
          mesh ({outside.namespaces.slice(0, 5).join(', ')}
          {outside.namespaces.length > 5 ? ' and others' : ''}): STRICT refuses what they send.
        </Nothing>
      )}
      <PagedTable
        caption="Mutual TLS by namespace"
        columns={COLUMNS}
        rows={namespaces}
        nothing="No namespace has proxies or policies."
      />
    </Section>
  );
}

const TONES: Record<string, Tone> = { STRICT: 'good', PERMISSIVE: 'plain', DISABLE: 'warn' };

const COLUMNS: readonly Column<NamespaceMutualTls>[] = [
  { title: 'Namespace', text: ({ namespace }) => namespace },
  {
    title: 'Accepts',
    text: ({ mode }) => mode,
    cell: ({ mode }) => <Mark tone={TONES[mode] ?? 'plain'}>{mode}</Mark>,
  },
  { title: 'By', text: ({ policy }) => policy || 'default' },
  { title: 'Pods in the mesh', text: ({ pods }) => withCommas(pods.withProxy + pods.ambient), isNumber: true },
  { title: 'Without', text: ({ pods }) => withCommas(pods.without), isNumber: true },
  { title: 'Exceptions', text: ({ exceptions }) => exceptions.map(exceptionText).join('; ') },
  { title: 'STRICT', text: strictText, cell: (row) => <Strict row={row} /> },
];

function exceptionText({ selector, mode, ports }: NamespaceMutualTls['exceptions'][number]): string {
  const own = mode === 'UNSET' ? [] : [mode];
  return `${selector}: ${[...own, ...Object.entries(ports).map(([port, its]) => `${port} ${its}`)].join(', ')}`;
}

function strictText({ mode, blockers }: NamespaceMutualTls): string {
  if (blockers.length === 0) return mode === 'STRICT' ? 'holds' : 'ready';
  return blockers.map(({ reason, names }) => `${reason} ${names.join(' ')}`).join(' ');
}

function Strict({ row: { mode, blockers } }: { row: NamespaceMutualTls }): JSX.Element {
  const isStrict = mode === 'STRICT';
  if (blockers.length === 0) return <Mark tone="good">{isStrict ? 'holds' : 'ready'}</Mark>;
  return (
    <details>
      <summary>
        <Mark tone={isStrict ? 'bad' : 'warn'}>{isStrict ? 'breaks something' : 'would break something'}</Mark>
      </summary>
      <ul>
        {blockers.map(({ reason, names, count }) => (
          <li>
            {STRICT_BLOCKERS[reason]} {names.join(', ')}
            {count > names.length ? ` and ${withCommas(count - names.length)} more` : ''}
          </li>
        ))}
      </ul>
    </details>
  );
}
