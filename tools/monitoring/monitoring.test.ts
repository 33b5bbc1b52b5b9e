// Alerts, dashboard and monitors speak of what there is: metrics with their labels, ports, pages.
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { render } from '../../src/core/render/render.ts';
import { operatorRegistry } from './operator-registry.ts';
import { renderDashboard } from './dashboard.ts';

const ROOT = join(import.meta.dirname, '../..');
const read = (path: string): string => readFileSync(join(ROOT, path), 'utf8');

interface Alert {
  alert: string;
  expr: string;
  for: string;
  labels: { severity: string };
  annotations: Record<string, string>;
}
const rule = parse(read('config/monitoring/rules/prometheus-rule.yaml')) as { spec: { groups: { rules: Alert[] }[] } };
const alerts = rule.spec.groups.flatMap(({ rules }) => rules);

interface Panel {
  id: number;
  type: string;
  title: string;
  gridPos: { x: number; y: number; w: number; h: number };
  targets?: { expr: string; legendFormat: string; refId: string }[];
}
const dashboard = renderDashboard() as { schemaVersion: number; panels: Panel[] };
const targets = dashboard.panels.flatMap(({ targets: found = [] }) => found);

/** The metrics that the operator has, with their labels; a histogram by the names that it is queried by. */
function knownMetrics(): Map<string, Set<string>> {
  const registry = operatorRegistry();
  const metrics = registry.getMetricsAsArray() as unknown as { name: string; type: string; labelNames?: string[] }[];
  return new Map(
    metrics.flatMap(({ name, type, labelNames = [] }) => {
      const labels = new Set([...labelNames, 'job', 'pod', 'namespace', 'instance']);
      if (type !== 'histogram') return [[name, labels] as const];
      return ['bucket', 'sum', 'count'].map((end) => [`${name}_${end}`, new Set([...labels, 'le'])] as const);
    }),
  );
}
const known = knownMetrics();

const METRIC = /\b(?:sailwright|process|nodejs)_\w+/g;

function findUnknown(expr: string): string[] {
  const metrics = expr.match(METRIC) ?? [];
  const grouped = [...expr.matchAll(/\bby \(([^)]*)\)/g)].flatMap(([, list = '']) => list.split(/,\s*/));
  const selected = [...expr.matchAll(/(\w+)(?:=~|!~|!=|=)"/g)].map(([, label = '']) => label);
  const labels = new Set(metrics.flatMap((name) => [...(known.get(name) ?? [])]));
  return [
    ...metrics.filter((name) => !known.has(name)),
    ...[...grouped, ...selected].filter((label) => !labels.has(label)),
    ...(metrics.length === 0 ? [`no metric in ${expr}`] : []),
  ];
}

describe.each(alerts.map((alert) => [alert.alert, alert] as const))('the alert %s', (name, alert) => {
  it('asks for metrics and labels that there are', () => {
    expect(findUnknown(alert.expr)).toEqual([]);
  });

  it('shows labels that its expression keeps', () => {
    const shown = [...JSON.stringify(alert.annotations).matchAll(/\$labels\.(\w+)/g)].map(([, label]) => label);
    const kept = (/\bby \(([^)]*)\)/.exec(alert.expr)?.[1] ?? '').split(/,\s*/);
    expect(shown.filter((label) => !kept.includes(label ?? ''))).toEqual([]);
  });

  it('has a page that says what to do, and a row in the reference', () => {
    expect(alert.annotations['runbook']).toBe(`docs/runbooks/${name}.md`);
    const page = read(`docs/runbooks/${name}.md`);
    for (const part of [`# ${name}`, '## Symptom', '## What it means', '## What to do']) expect(page).toContain(part);
    expect(read('docs/reference/metrics.md')).toContain(`[\`${name}\`](../runbooks/${name}.md)`);
  });

  it('says how long and how bad', () => {
    expect(alert.for).toMatch(/^\d+[mh]$/);
    expect(['warning', 'critical']).toContain(alert.labels.severity);
  });
});

it('has no page without an alert, and links that lead somewhere', () => {
  const pages = readdirSync(join(ROOT, 'docs/runbooks'));
  expect(pages.sort()).toEqual(alerts.map(({ alert }) => `${alert}.md`).sort());
  const links = pages.flatMap((page) =>
    [...read(`docs/runbooks/${page}`).matchAll(/\]\(([^)#]+)/g)].map(([, to = '']) => to),
  );
  expect(links.filter((to) => !existsSync(join(ROOT, 'docs/runbooks', to)))).toEqual([]);
});

describe('the dashboard', () => {
  it.each(targets.map(({ expr }) => [expr]))('asks for what there is: %s', (expr) => {
    expect(findUnknown(expr.replaceAll('$__rate_interval', '5m'))).toEqual([]);
  });

  it('shows labels in its legends that its queries keep', () => {
    for (const { expr, legendFormat } of targets) {
      const shown = [...legendFormat.matchAll(/\{\{(\w+)\}\}/g)].map(([, label = '']) => label);
      const kept = /\bby \(([^)]*)\)/.exec(expr)?.[1]?.split(/,\s*/) ?? ['pod'];
      expect(kept).toEqual(expect.arrayContaining(shown));
    }
  });

  it('has panels of their own places and numbers', () => {
    const ids = dashboard.panels.map(({ id }) => id);
    expect(new Set(ids).size).toBe(ids.length);
    const cells = dashboard.panels.flatMap(({ gridPos: { x, y, w, h } }) =>
      Array.from({ length: w * h }, (_, cell) => `${x + (cell % w)},${y + Math.floor(cell / w)}`),
    );
    expect(new Set(cells).size).toBe(cells.length);
    expect(dashboard.panels.every(({ gridPos: { x, w } }) => x + w <= 24 && Number.isInteger(x))).toBe(true);
  });

  it('is of a form that Grafana reads, and names no Prometheus', () => {
    expect(dashboard.schemaVersion).toBeGreaterThanOrEqual(36);
    expect(
      JSON.stringify(dashboard)
        .match(/"uid":"(?!sailwright)[^"]*"/g)
        ?.every((uid) => uid === '"uid":"${datasource}"'),
    ).toBe(true);
  });

  it('shows every metric of the operator’s that is no detail of another', () => {
    const shown = new Set(targets.flatMap(({ expr }) => expr.match(METRIC) ?? []));
    const rest = [...known.keys()].filter(
      (name) => /^sailwright/.test(name) && !/_(sum|count)$/.test(name) && !shown.has(name),
    );
    expect(rest.sort()).toEqual([
      'sailwright_informer_last_event_seconds',
      'sailwright_informer_restarts_total',
      'sailwright_informer_skipped_objects',
      'sailwright_reconcile_errors_total',
      'sailwright_watches',
      'sailwright_webhook_enforced',
      'sailwright_worker_job_duration_seconds_bucket',
      'sailwright_worker_jobs_total',
      'sailwright_worker_losses_total',
      'sailwright_workers_busy',
    ]);
  });
});

describe('the monitors of the mesh', () => {
  const result = render({ documents: [{ spec: { profile: 'default' } }] }, { form: 'sailwright' });
  const objects = result.ok ? result.value.components.flatMap((component) => component.objects) : [];
  const monitor = (file: string): { spec: Record<string, { port: string }[]> } =>
    parse(read(`config/monitoring/mesh/${file}`)) as { spec: Record<string, { port: string }[]> };

  it.each([
    ['istiod-service-monitor.yaml', 'endpoints', 'Service', 'istiod'],
    ['proxy-pod-monitor.yaml', 'podMetricsEndpoints', 'Deployment', 'istio-ingressgateway'],
  ])('%s scrapes a port that there is', (file, field, kind, name) => {
    const port = monitor(file).spec[field]?.[0]?.port ?? '';
    const object = objects.find((candidate) => candidate.kind === kind && candidate.metadata.name === name);
    expect(JSON.stringify(object)).toContain(`"name":"${port}"`);
  });
});
