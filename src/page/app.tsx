import type { JSX } from 'preact';
import type { MeshReport } from '../core/report/mesh-report.ts';
import { Changes } from './sections/changes.tsx';
import { Findings } from './sections/findings.tsx';
import { Injection } from './sections/injection.tsx';
import { Installations } from './sections/installations.tsx';
import { Kiali } from './sections/kiali.tsx';
import { MutualTls } from './sections/mutual-tls.tsx';
import { Proxies } from './sections/proxies.tsx';
import { Routes } from './sections/routes.tsx';
import { Summary } from './sections/summary.tsx';
import { Webhooks } from './sections/webhooks.tsx';
import { filter, isLive, report, trouble } from './state.ts';

const PARTS = [
  ['installations', 'Installations'],
  ['proxies', 'Proxies'],
  ['changes', 'Changes'],
  ['mutual-tls', 'Mutual TLS'],
  ['findings', 'Findings'],
  ['injection', 'Injection'],
  ['webhooks', 'Webhooks'],
  ['routes', 'Routes'],
] as const;

/** The whole page. */
export function App(): JSX.Element {
  const mesh = report.value;
  return (
    <>
      <a class="skip" href="#content">
        Skip to the content
      </a>
      <header>
        <h1>Sailwright</h1>
        {mesh && <Source mesh={mesh} />}
        <label>
          Filter{' '}
          <input type="search" value={filter.value} onInput={(event) => (filter.value = event.currentTarget.value)} />
        </label>
      </header>
      <nav aria-label="Parts of this page">
        <ul>
          {PARTS.map(([id, title]) => (
            <li>
              <a href={`#${id}`}>{title}</a>
            </li>
          ))}
        </ul>
      </nav>
      <main id="content" tabIndex={-1}>
        <p role="status" class={trouble.value === '' ? '' : 'trouble'}>
          {trouble.value}
        </p>
        {mesh ? <Mesh mesh={mesh} /> : <p>Reading the mesh …</p>}
      </main>
    </>
  );
}

function Source({ mesh: { source, at } }: { mesh: MeshReport }): JSX.Element {
  const where = source.kind === 'cluster' ? 'Cluster' : 'Files';
  return (
    <p class="source">
      {where} <strong>{source.name}</strong>, {isLive.value ? 'live, as of' : 'as of'}{' '}
      <time dateTime={at}>{at.replace('T', ' ').replace(/\.\d+Z$/, ' UTC')}</time>
    </p>
  );
}

function Mesh({ mesh }: { mesh: MeshReport }): JSX.Element {
  return (
    <>
      {mesh.unread.length > 0 && <Unread unread={mesh.unread} />}
      <Summary mesh={mesh} />
      {mesh.kiali && <Kiali kiali={mesh.kiali} />}
      <Installations mesh={mesh} />
      <Proxies mesh={mesh} />
      <Changes mesh={mesh} />
      <MutualTls mesh={mesh} />
      <Findings mesh={mesh} />
      <Injection mesh={mesh} />
      <Webhooks mesh={mesh} />
      <Routes mesh={mesh} />
    </>
  );
}

function Unread({ unread }: Pick<MeshReport, 'unread'>): JSX.Element {
  return (
    <div class="trouble">
      <p>Your rights do not show everything: what hangs on these kinds is missing.</p>
      <ul>
        {unread.map(({ kind, why }) => (
          <li>
            {kind}: {why}
          </li>
        ))}
      </ul>
    </div>
  );
}
