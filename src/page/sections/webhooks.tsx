import type { JSX } from 'preact';
import type { MeshReport, WebhookRow } from '../../core/report/mesh-report.ts';
import { Mark, type Tone } from '../parts/mark.tsx';
import { PagedTable, type Column } from '../parts/paged-table.tsx';
import { Section } from '../parts/section.tsx';
import { relativeTime } from '../text.ts';

/** What judges and injects, and until when the API server trusts it. */
export function Webhooks({ mesh }: { mesh: MeshReport }): JSX.Element {
  return (
    <Section
      id="webhooks"
      title="Webhooks and certificates"
      about="What injects and judges: whether anything passes while it does not answer, and until when the API server trusts it."
    >
      <PagedTable
        caption="Webhooks"
        columns={columnsAt(mesh.at)}
        rows={mesh.webhooks}
        nothing="No webhook of the mesh is installed: nothing is injected and nothing is judged."
      />
    </Section>
  );
}

const TONES: Record<WebhookRow['state'], Tone> = { Binding: 'good', Open: 'warn', Untrusted: 'bad' };

function columnsAt(at: string): readonly Column<WebhookRow>[] {
  return [
    {
      title: 'For',
      text: ({ kind }) => (kind === 'MutatingWebhookConfiguration' ? 'injection' : 'validation'),
    },
    { title: 'Configuration', text: ({ configuration }) => configuration },
    { title: 'Entry', text: ({ entry }) => entry },
    { title: 'Calls', text: ({ calls }) => calls },
    {
      title: 'State',
      text: ({ state, failurePolicy }) => `${state} ${failurePolicy}`,
      cell: ({ state, failurePolicy }) => <Mark tone={TONES[state]}>{`${state} (${failurePolicy})`}</Mark>,
    },
    {
      title: 'CA ends',
      text: ({ caEnds = '' }) => relativeTime(caEnds, at) || 'not known',
      cell: ({ caEnds }) =>
        caEnds === undefined ? (
          'not known'
        ) : (
          <time dateTime={caEnds} title={caEnds}>
            {relativeTime(caEnds, at)}
          </time>
        ),
    },
  ];
}
