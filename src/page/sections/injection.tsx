import type { JSX } from 'preact';
import type { InjectionState, MeshReport } from '../../core/report/mesh-report.ts';
import { PagedTable, type Column } from '../parts/paged-table.tsx';
import { Nothing, Section } from '../parts/section.tsx';
import { withCommas } from '../text.ts';

/** Who should have a sidecar and has none, and who would get none. */
export function Injection({ mesh }: { mesh: MeshReport }): JSX.Element {
  const { missed, unserved, unread } = mesh.injection;
  return (
    <Section
      id="injection"
      title="Injection"
      about="Pods that run without the sidecar they would get today, and labels that ask for an injector which is not there."
    >
      {unread.map(({ webhook, problem }) => (
        <Nothing>
          Nothing is said of the pods of {webhook}: {problem}.
        </Nothing>
      ))}
      <PagedTable
        caption="Workloads without their sidecar: restart them"
        columns={MISSED}
        rows={missed}
        nothing="Every pod that should have a sidecar has one."
      />
      <PagedTable
        caption="Labels that no injector serves"
        columns={UNSERVED}
        rows={unserved}
        nothing="Every label that asks for a sidecar is served."
      />
    </Section>
  );
}

const MISSED: readonly Column<InjectionState['missed'][number]>[] = [
  { title: 'Namespace', text: ({ namespace }) => namespace },
  { title: 'Workload', text: ({ kind, workload }) => `${kind} ${workload}` },
  { title: 'Pods', text: ({ pods }) => withCommas(pods), isNumber: true },
  { title: 'Webhook', text: ({ webhook }) => webhook },
];

const UNSERVED: readonly Column<InjectionState['unserved'][number]>[] = [
  { title: 'Object', text: ({ kind, namespace, name }) => `${kind} ${namespace === '' ? '' : `${namespace}/`}${name}` },
  { title: 'Label', text: ({ label }) => label, cell: ({ label }) => <code>{label}</code> },
  { title: 'Reason', text: ({ reason }) => reason },
];
