import type { JSX } from 'preact';
import type { FindingRow, MeshReport } from '../../core/report/mesh-report.ts';
import { Mark, type Tone } from '../parts/mark.tsx';
import { PagedTable, type Column } from '../parts/paged-table.tsx';
import { Nothing, Section } from '../parts/section.tsx';
import { plural } from '../text.ts';

/** What analysis found. */
export function Findings({ mesh }: { mesh: MeshReport }): JSX.Element {
  const { errors, warnings, infos, told } = mesh.findings;
  const all = errors + warnings + infos;
  return (
    <Section id="findings" title="Findings" about="Mistakes across resources, as sailwright analyze finds them.">
      {all > told.length && (
        <Nothing>{plural(all - told.length, 'more is', 'more are')} counted, and not told here.</Nothing>
      )}
      <PagedTable caption="Findings, the worst first" columns={COLUMNS} rows={told} nothing="Nothing found." />
    </Section>
  );
}

const TONES: Record<FindingRow['level'], Tone> = { Error: 'bad', Warning: 'warn', Info: 'plain' };

const COLUMNS: readonly Column<FindingRow>[] = [
  { title: 'Level', text: ({ level }) => level, cell: ({ level }) => <Mark tone={TONES[level]}>{level}</Mark> },
  { title: 'Code', text: ({ code, name }) => `${code} ${name}`, cell: (row) => <Code finding={row} /> },
  {
    title: 'Resource',
    text: ({ kind, namespace, resource }) => `${kind} ${namespace === '' ? '' : `${namespace}/`}${resource}`,
  },
  { title: 'Field', text: ({ path }) => path, cell: ({ path }) => (path === '' ? '' : <code>{path}</code>) },
  { title: 'What is wrong', text: ({ message }) => message },
];

/** Istio describes its codes at length. */
function Code({ finding: { code, name } }: { finding: FindingRow }): JSX.Element {
  if (!code.startsWith('IST')) return <span title={name}>{code}</span>;
  return (
    <a
      href={`https://istio.io/latest/docs/reference/config/analysis/${code.toLowerCase()}/`}
      title={name}
      rel="noreferrer"
      target="_blank"
    >
      {code}
    </a>
  );
}
