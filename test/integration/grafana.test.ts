// The dashboard as Grafana reads it, by its own types.
import { spawnSync } from 'node:child_process';
import { beforeAll, describe, expect, it } from 'vitest';
import { ensureGrafanaTypes } from '../../testbed/grafana-types-program.ts';
import { renderDashboard } from '../../tools/monitoring/dashboard.ts';

const hasGo = spawnSync('go', ['version']).status === 0;
if (!hasGo) console.warn('the dashboard by Grafana’s types: skipped, they are built by Go, which is not there');

interface Dashboard {
  panels: { type: string; gridPos: object; options: object; fieldConfig: { defaults: object }; targets: object[] }[];
}

describe.skipIf(!hasGo)('Grafana’s types', () => {
  let program: string;

  beforeAll(async () => {
    program = await ensureGrafanaTypes((line) => process.stderr.write(`  ${line}\n`));
  });

  const judge = (dashboard: object): string =>
    spawnSync(program, { input: JSON.stringify(dashboard), encoding: 'utf8' }).stderr.trim();

  it('take the dashboard', () => {
    expect(judge(renderDashboard())).toBe('');
  });

  it.each<[what: string, change: (panel: Dashboard['panels'][number]) => object, said: RegExp]>([
    ['a field that no panel has', (panel) => ({ ...panel, nope: 1 }), /Panel: unexpected field 'nope'/],
    [
      'an option that its type has not',
      (panel) => ({ ...panel, options: { ...panel.options, nope: 1 } }),
      /options.*unexpected field 'nope'/,
    ],
    [
      'a setting of curves that there is not',
      (panel) => ({ ...panel, fieldConfig: { defaults: { ...panel.fieldConfig.defaults, custom: { nope: 1 } } } }),
      /unexpected field 'nope'/,
    ],
    [
      'a query of another form',
      (panel) => ({ ...panel, targets: [{ ...panel.targets[0], nope: 1 }] }),
      /targets\[0\].*unexpected field 'nope'/,
    ],
    ['a wrong type', (panel) => ({ ...panel, gridPos: { ...panel.gridPos, w: '6' } }), /gridPos.w: .*string/],
  ])('refuse %s', (_what, change, said) => {
    const dashboard = renderDashboard() as Dashboard;
    const at = dashboard.panels.findIndex(({ type }) => type === 'timeseries');
    const panels = dashboard.panels.map((panel, index) => (index === at ? change(panel) : panel));
    expect(judge({ ...dashboard, panels })).toMatch(said);
  });
});
