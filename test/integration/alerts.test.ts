// The alerts and the dashboard's queries as Prometheus reads them, by its own promtool; and that alerts fire when they should.
import { execFile, spawnSync } from 'node:child_process';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { parse, stringify } from 'yaml';
import { ensurePromtool } from '../../testbed/prometheus-programs.ts';
import { renderDashboard } from '../../tools/monitoring/dashboard.ts';

const RULES = join(import.meta.dirname, '../../config/monitoring/rules/prometheus-rule.yaml');
const run = promisify(execFile);

const why = ['apt-get', 'dpkg-deb'].some((program) => spawnSync(program, ['--version']).status !== 0)
  ? 'promtool comes out of a package of Debian, and there is no apt'
  : undefined;
if (why !== undefined) console.warn(`alerts by promtool: skipped, ${why}`);

interface Rule {
  alert: string;
  expr: string;
  for: string;
}

describe.skipIf(why !== undefined)('promtool', () => {
  let folder: string;
  let rules: Rule[];
  let promtool: (...args: string[]) => Promise<string>;

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'sailwright-alerts-'));
    const program = await ensurePromtool((line) => process.stderr.write(`  ${line}\n`));
    promtool = async (...args) => (await run(program, args, { cwd: folder })).stdout;
    const { spec } = parse(await readFile(RULES, 'utf8')) as { spec: { groups: { rules: Rule[] }[] } };
    rules = spec.groups.flatMap((group) => group.rules);
    await writeFile(join(folder, 'alerts.yaml'), stringify(spec));
  });
  afterAll(() => rm(folder, { recursive: true, force: true }));

  it('takes the alerts', async () => {
    expect(await promtool('check', 'rules', 'alerts.yaml')).toContain(`SUCCESS: ${rules.length} rules found`);
  });

  it('takes the queries of the dashboard', async () => {
    const { panels } = renderDashboard() as { panels: { targets?: { expr: string }[] }[] };
    const queries = panels.flatMap(({ targets = [] }) =>
      targets.map(({ expr }) => expr.replaceAll('$__rate_interval', '5m')),
    );
    const recorded = queries.map((expr, index) => ({ record: `panel:${index}`, expr }));
    await writeFile(join(folder, 'queries.yaml'), stringify({ groups: [{ name: 'panels', rules: recorded }] }));
    expect(await promtool('check', 'rules', 'queries.yaml')).toContain(`SUCCESS: ${queries.length} rules found`);
  });

  it('finds each alert firing on what it is for, and silent on a healthy operator', async () => {
    const firing = 'count by (alertname) (ALERTS{alertstate="firing"})';
    const tests = [...TROUBLES].map(([alert, series]) => ({
      interval: '1m',
      input_series: [...HEALTHY.filter(([name]) => !series.some((line) => line[0] === name)), ...series].map(asSeries),
      promql_expr_test: [
        { expr: firing, eval_time: '3h', exp_samples: [{ labels: `{alertname="${alert}"}`, value: 1 }] },
      ],
    }));
    const healthy = {
      interval: '1m',
      input_series: HEALTHY.map(asSeries),
      promql_expr_test: [{ expr: 'count(ALERTS)', eval_time: '3h', exp_samples: [] }],
    };
    await writeFile(
      join(folder, 'tests.yaml'),
      stringify({ rule_files: ['alerts.yaml'], evaluation_interval: '1m', tests: [healthy, ...tests] }),
    );
    expect([...TROUBLES.keys()].sort()).toEqual(rules.map(({ alert }) => alert).sort());
    expect(await promtool('test', 'rules', 'tests.yaml')).toContain('SUCCESS');
  });
});

/** A series, and its values in promtool's short form: `0x180` stays 0 for 180 minutes, `0+1x180` counts up. */
type Series = [name: string, values: string];
const asSeries = ([series, values]: Series): { series: string; values: string } => ({ series, values });

const CALLS = 'sailwright_admission_requests_total{path="/inject",verdict="allowed",code="200"}';
const FAST = 'sailwright_admission_duration_seconds_bucket{path="/inject",le="0.1"}';
const SLOW = 'sailwright_admission_duration_seconds_bucket{path="/inject",le="5"}';
const ALL = 'sailwright_admission_duration_seconds_bucket{path="/inject",le="+Inf"}';
const HEALTHY: readonly Series[] = [
  ['sailwright_leader{pod="a"}', '1x200'],
  ['sailwright_leader{pod="b"}', '0x200'],
  ['sailwright_reconcile_errors_total{controller="istio-operator"}', '0x200'],
  ['sailwright_api_writes_total{verb="apply",kind="Service"}', '7x200'],
  ['sailwright_api_writes_total{verb="update",kind="Lease"}', '0+30x200'],
  ['sailwright_informer_stale_seconds{kind="Pod"}', '0x200'],
  ['sailwright_informer_skipped_objects{kind="ConfigMap"}', '0x200'],
  ['sailwright_webhook_proven{kind="MutatingWebhookConfiguration",name="a"}', '1x200'],
  [CALLS, '0+600x200'],
  [FAST, '0+600x200'],
  [SLOW, '0+600x200'],
  [ALL, '0+600x200'],
  ['sailwright_worker_losses_total{pool="validation",reason="late"}', '0x200'],
  // Ten weeks after the epoch, where the clock of the tests begins.
  ['sailwright_webhook_certificate_expiry_timestamp_seconds', '6048000x200'],
  ['sailwright_pods_missing_sidecar{revision="default"}', '0x200'],
  ['sailwright_labels_without_injector{reason="RevisionNotFound"}', '0x200'],
  ['sailwright_invalid_resources{kind="VirtualService"}', '0x200'],
];

const TROUBLES = new Map<string, Series[]>([
  [
    'SailwrightStalled',
    [['sailwright_istiooperator_condition{namespace="n",name="istio",type="Stalled",status="True"}', '1x200']],
  ],
  [
    'SailwrightNotReady',
    [['sailwright_istiooperator_condition{namespace="n",name="istio",type="Ready",status="Unknown"}', '1x200']],
  ],
  ['SailwrightNoLeader', [['sailwright_leader{pod="a"}', '0x200']]],
  ['SailwrightReconcileErrors', [['sailwright_reconcile_errors_total{controller="istio-operator"}', '0+1x200']]],
  ['SailwrightKeepsWriting', [['sailwright_api_writes_total{verb="apply",kind="Service"}', '0+2x200']]],
  [
    'SailwrightFieldsContested',
    [['sailwright_contested_fields{manager="m",kind="Service",namespace="n",name="s",field=".spec"}', '1x200']],
  ],
  ['SailwrightDataStale', [['sailwright_informer_stale_seconds{kind="Pod"}', '300x200']]],
  ['SailwrightObjectsSkipped', [['sailwright_informer_skipped_objects{kind="ConfigMap"}', '2x200']]],
  [
    'SailwrightWebhookUnreachable',
    [['sailwright_webhook_proven{kind="MutatingWebhookConfiguration",name="a"}', '0x200']],
  ],
  [
    'SailwrightAdmissionErrors',
    [['sailwright_admission_requests_total{path="/inject",verdict="none",code="503"}', '0+60x200']],
  ],
  ['SailwrightAdmissionSlow', [[FAST, '0+10x200']]],
  ['SailwrightWorkersLost', [['sailwright_worker_losses_total{pool="validation",reason="late"}', '0+1x200']]],
  ['SailwrightCertificateExpiring', [['sailwright_webhook_certificate_expiry_timestamp_seconds', '864000x200']]],
  ['SailwrightPodsWithoutSidecar', [['sailwright_pods_missing_sidecar{revision="default"}', '4x200']]],
  ['SailwrightLabelsWithoutInjector', [['sailwright_labels_without_injector{reason="RevisionNotFound"}', '1x200']]],
  ['SailwrightInvalidResources', [['sailwright_invalid_resources{kind="VirtualService"}', '1x200']]],
]);
