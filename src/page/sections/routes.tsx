import { useSignal } from '@preact/signals';
import type { JSX } from 'preact';
import { useMemo } from 'preact/hooks';
import type { MeshReport } from '../../core/report/mesh-report.ts';
import { traceRequest, type RuleVerdict, type Trace } from '../../core/report/trace-request.ts';
import { Mark, type Tone } from '../parts/mark.tsx';
import { PagedTable, type Column } from '../parts/paged-table.tsx';
import { Nothing, Section } from '../parts/section.tsx';
import { drawTrace } from '../trace-drawing.ts';
import { Drawing } from '../parts/drawing.tsx';

/** Where a request goes, and by which rules. */
export function Routes({ mesh }: { mesh: MeshReport }): JSX.Element {
  const host = useSignal('');
  const path = useSignal('/');
  const known = useMemo(() => hostsOf(mesh), [mesh.routes]);
  const traces = useMemo(
    () => (host.value === '' ? [] : traceRequest(mesh.routes, { host: host.value.trim(), path: path.value || '/' })),
    [mesh.routes, host.value, path.value],
  );
  return (
    <Section
      id="routes"
      title="Routes"
      about="Why does a request get where it does? Name its host and its path: every entrance that knows the host says which VirtualService and which rule it takes, and whose pods answer."
    >
      <form class="question" onSubmit={(event) => event.preventDefault()}>
        <label>
          Host{' '}
          <input
            list="hosts"
            value={host.value}
            placeholder="web.example.com"
            onInput={(event) => (host.value = event.currentTarget.value)}
          />
        </label>
        <label>
          Path <input value={path.value} onInput={(event) => (path.value = event.currentTarget.value)} />
        </label>
        <datalist id="hosts">
          {known.slice(0, MAX_SUGGESTED).map((each) => (
            <option value={each} />
          ))}
        </datalist>
      </form>
      <div aria-live="polite">
        {host.value !== '' && traces.length === 0 && (
          <Nothing>
            No gateway and no VirtualService knows {host.value}: callers in the mesh reach a service of that name as
            Kubernetes has it.
          </Nothing>
        )}
        {traces.map((trace) => (
          <OneTrace trace={trace} key={trace.entrance} />
        ))}
      </div>
    </Section>
  );
}

const MAX_SUGGESTED = 500;

/** Without those that stand for many. */
function hostsOf({ routes }: MeshReport): string[] {
  const hosts = routes.virtualServices.flatMap((each) => each.hosts).filter((each) => !each.startsWith('*'));
  return [...new Set(hosts)].sort();
}

function OneTrace({ trace }: { trace: Trace }): JSX.Element {
  const { entrance, ports, rules } = trace;
  const title = entrance === 'mesh' ? 'From a pod with a sidecar' : `Through gateway ${entrance}`;
  return (
    <article class="card">
      <h3>
        {title} {ports.length > 0 && <span class="count">port {ports.join(', ')}</span>}
      </h3>
      {rules.length === 0 ? (
        <Nothing>No VirtualService of this gateway has the host: the answer is 404.</Nothing>
      ) : (
        <>
          <Drawing drawing={drawTrace(trace)} title={`${title}: where the request goes`} />
          <PagedTable
            caption={`Rules, ${title.toLowerCase()}`}
            columns={RULES}
            rows={rules}
            nothing="There is no rule."
          />
        </>
      )}
    </article>
  );
}

const TONES: Record<RuleVerdict['verdict'], Tone> = { taken: 'good', perhaps: 'warn', 'passed over': 'plain' };

const RULES: readonly Column<RuleVerdict>[] = [
  { title: 'VirtualService', text: ({ virtualService }) => virtualService },
  { title: 'Rule', text: ({ rule }) => `${rule.field}${rule.name === '' ? '' : ` ${rule.name}`}` },
  {
    title: 'Verdict',
    text: ({ verdict }) => verdict,
    cell: ({ verdict }) => <Mark tone={TONES[verdict]}>{verdict}</Mark>,
  },
  { title: 'Why', text: ({ why }) => why },
  { title: 'Then', text: ({ rule }) => rule.instead || rule.targets.map(targetText).join('; ') },
];

function targetText({ host, subset, weight, isMirror }: RuleVerdict['rule']['targets'][number]): string {
  const share = isMirror ? 'a copy' : `${weight} %`;
  return `${host}${subset === '' ? '' : ` (${subset})`}, ${share}`;
}
