import type { JSX } from 'preact';
import { useMemo } from 'preact/hooks';
import type { MeshReport, ProxyRow } from '../../core/report/mesh-report.ts';
import { Mark } from '../parts/mark.tsx';
import { PagedTable, type Column } from '../parts/paged-table.tsx';
import { Section } from '../parts/section.tsx';
import { proxyMatrix, type MatrixRow } from '../proxy-matrix.ts';
import { withCommas } from '../text.ts';

/** Proxies by namespace and version, and those that a restart would bring to another version. */
export function Proxies({ mesh }: { mesh: MeshReport }): JSX.Element {
  const { versions, rows } = useMemo(() => proxyMatrix(mesh.proxies), [mesh.proxies]);
  const sorted = useMemo(() => [...mesh.proxies].sort((a, b) => Number(!a.stale) - Number(!b.stale)), [mesh.proxies]);
  return (
    <Section
      id="proxies"
      title="Proxies"
      about={
        'Which proxies run where, and which are of another version or revision than a new pod would get: restart ' +
        'their workloads. What else a restart would change tells "sailwright proxies --stale".'
      }
    >
      <PagedTable
        caption="Pods with a proxy by namespace"
        columns={matrixColumns(versions)}
        rows={rows}
        nothing="No pod has a proxy."
      />
      {sorted.length > 0 && (
        <PagedTable caption="Workloads, those of another version first" columns={WORKLOADS} rows={sorted} nothing="" />
      )}
    </Section>
  );
}

function matrixColumns(versions: readonly string[]): readonly Column<MatrixRow>[] {
  return [
    { title: 'Namespace', text: ({ namespace }) => namespace },
    ...versions.map((version) => ({
      title: version,
      text: ({ pods }: MatrixRow) => withCommas(pods.get(version) ?? 0),
      isNumber: true,
    })),
    {
      title: 'Other version',
      text: ({ stale }) => withCommas(stale),
      cell: ({ stale }) => <Mark tone={stale === 0 ? 'good' : 'warn'}>{withCommas(stale)}</Mark>,
      isNumber: true,
    },
  ];
}

const WORKLOADS: readonly Column<ProxyRow>[] = [
  { title: 'Namespace', text: ({ namespace }) => namespace },
  { title: 'Workload', text: ({ kind, workload }) => `${kind} ${workload}` },
  { title: 'Revision', text: ({ revision }) => revision },
  { title: 'Version', text: ({ version }) => version },
  { title: 'Pods', text: ({ pods }) => withCommas(pods), isNumber: true },
  {
    title: 'Version of a new pod',
    text: ({ stale }) => (stale ? `${stale.reason}: ${stale.message}` : 'yes'),
    cell: ({ stale }) =>
      stale ? <Mark tone="warn">{`${stale.reason}: ${stale.message}`}</Mark> : <Mark tone="good">yes</Mark>,
  },
];
