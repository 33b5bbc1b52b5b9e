import type { JSX } from 'preact';
import type { MeshReport } from '../../core/report/mesh-report.ts';
import type { Tone } from '../parts/mark.tsx';
import { plural, withCommas } from '../text.ts';

interface Tile {
  href: string;
  title: string;
  value: string;
  note: string;
  tone: Tone;
}

/** The whole at a glance; each tile leads to its part. */
export function Summary({ mesh }: { mesh: MeshReport }): JSX.Element {
  return (
    <ul class="tiles" aria-label="Summary">
      {tilesOf(mesh).map(({ href, title, value, note, tone }) => (
        <li>
          <a class={`tile ${tone}`} href={href}>
            <span class="title">{title}</span>
            <span class="value">{value}</span>
            <span class="note">{note}</span>
          </a>
        </li>
      ))}
    </ul>
  );
}

function tilesOf(mesh: MeshReport): Tile[] {
  return [installations(mesh), proxies(mesh), mutualTls(mesh), findings(mesh), injection(mesh), webhooks(mesh)];
}

function installations({ installations: all, controlPlanes }: MeshReport): Tile {
  const ready = all.filter(({ conditions }) =>
    conditions.some(({ type, status }) => type === 'Ready' && status === 'True'),
  );
  return {
    href: '#installations',
    title: 'Installations ready',
    value: `${ready.length} of ${all.length}`,
    note: plural(controlPlanes.length, 'control plane'),
    tone: all.length === 0 ? 'plain' : ready.length === all.length ? 'good' : 'bad',
  };
}

function proxies({ proxies: rows }: MeshReport): Tile {
  const count = (some: typeof rows): number => some.reduce((sum, { pods }) => sum + pods, 0);
  const stale = count(rows.filter((row) => row.stale));
  return {
    href: '#proxies',
    title: 'Proxies',
    value: withCommas(count(rows)),
    note: stale === 0 ? 'none of another version' : `${withCommas(stale)} of another version`,
    tone: stale > 0 ? 'warn' : rows.length > 0 ? 'good' : 'plain',
  };
}

function mutualTls({ mutualTls: { namespaces } }: MeshReport): Tile {
  const strict = namespaces.filter(({ mode }) => mode === 'STRICT').length;
  const able = namespaces.filter(({ mode, blockers }) => mode !== 'STRICT' && blockers.length === 0).length;
  return {
    href: '#mutual-tls',
    title: 'Namespaces with STRICT',
    value: `${strict} of ${namespaces.length}`,
    note: able === 0 ? 'no other is ready for it' : `${able} more ready for it`,
    tone: strict === namespaces.length ? 'good' : 'plain',
  };
}

function findings({ findings: { errors, warnings } }: MeshReport): Tile {
  return {
    href: '#findings',
    title: 'Errors in configuration',
    value: withCommas(errors),
    note: plural(warnings, 'warning'),
    tone: errors > 0 ? 'bad' : warnings > 0 ? 'warn' : 'good',
  };
}

function injection({ injection: { missed, unserved } }: MeshReport): Tile {
  const pods = missed.reduce((sum, row) => sum + row.pods, 0);
  return {
    href: '#injection',
    title: 'Pods without their sidecar',
    value: withCommas(pods),
    note: plural(unserved.length, 'label without an injector', 'labels without an injector'),
    tone: pods + unserved.length === 0 ? 'good' : 'warn',
  };
}

function webhooks({ webhooks: rows }: MeshReport): Tile {
  const binding = rows.filter(({ state }) => state === 'Binding').length;
  const isWhole = binding === rows.length;
  return {
    href: '#webhooks',
    title: 'Webhooks binding',
    value: `${binding} of ${rows.length}`,
    note: rows.length === 0 ? 'none is installed' : isWhole ? 'nothing passes without them' : 'the others let pass',
    tone: rows.length === 0 ? 'plain' : isWhole ? 'good' : 'warn',
  };
}
