import { stringify } from 'yaml';

/** One curve, or a family of them. */
interface Query {
  expr: string;
  legend: string;
}

/** What a panel shows. */
interface Panel {
  title: string;
  /** Said in the panel's corner. */
  about: string;
  unit: 'short' | 's' | 'bytes' | 'ops' | 'percentunit';
  /** One number instead of a curve, red from this value on. */
  alarmFrom?: number;
  queries: readonly Query[];
}

interface Row {
  title: string;
  panels: readonly Panel[];
}

const one = (expr: string, legend: string): readonly Query[] => [{ expr, legend }];
const quantiles = (metric: string, by: string): readonly Query[] =>
  ['0.5', '0.99'].map((quantile) => ({
    expr: `histogram_quantile(${quantile}, sum by (le, ${by}) (rate(${metric}_bucket[$__rate_interval])))`,
    legend: `{{${by}}} p${Number(quantile) * 100}`,
  }));

const ROWS: readonly Row[] = [
  {
    title: 'At a glance',
    panels: [
      { title: 'Leaders', about: 'One, always.', unit: 'short', queries: one('sum(sailwright_leader)', 'leaders') },
      {
        title: 'Not ready',
        about: 'IstioOperators whose condition Ready is not True.',
        unit: 'short',
        alarmFrom: 1,
        queries: one(
          'count(max by (namespace, name) (sailwright_istiooperator_condition{type="Ready",status!="True"})) or vector(0)',
          'IstioOperators',
        ),
      },
      {
        title: 'Contested fields',
        about: 'Fields that somebody changes back after each repair.',
        unit: 'short',
        alarmFrom: 1,
        queries: one('count(sailwright_contested_fields) or vector(0)', 'fields'),
      },
      {
        title: 'Webhooks not proven',
        about: 'The API server does not get through to them.',
        unit: 'short',
        alarmFrom: 1,
        queries: one('count(sailwright_webhook_proven == 0) or vector(0)', 'webhooks'),
      },
      {
        title: 'Without sidecar',
        about: 'Pods that would get one now, and labels that ask for an injector which is not there.',
        unit: 'short',
        alarmFrom: 1,
        queries: [
          { expr: 'sum(sailwright_pods_missing_sidecar) or vector(0)', legend: 'pods' },
          { expr: 'sum(sailwright_labels_without_injector) or vector(0)', legend: 'labels' },
        ],
      },
      {
        title: 'Certificate ends in',
        about: 'Renewed 30 days before its end.',
        unit: 's',
        queries: one('min(sailwright_webhook_certificate_expiry_timestamp_seconds > 0) - time()', 'time left'),
      },
    ],
  },
  {
    title: 'Rollouts',
    panels: [
      {
        title: 'ProxyRollouts',
        about: 'By phase.',
        unit: 'short',
        queries: one('sum by (phase) (sailwright_proxy_rollouts)', '{{phase}}'),
      },
      {
        title: 'Workloads of ProxyRollouts',
        about: 'To be renewed, under way, renewed, and those that cannot be.',
        unit: 'short',
        queries: one('sum by (state) (sailwright_proxy_rollout_workloads)', '{{state}}'),
      },
      {
        title: 'TrafficShifts',
        about: 'By phase.',
        unit: 'short',
        queries: one('sum by (phase) (sailwright_traffic_shifts)', '{{phase}}'),
      },
      {
        title: 'MutualTLSMigrations',
        about: 'By phase.',
        unit: 'short',
        queries: one('sum by (phase) (sailwright_mutual_tls_migrations)', '{{phase}}'),
      },
    ],
  },
  {
    title: 'Reconciling',
    panels: [
      {
        title: 'Passes',
        about: 'By controller and how they ended.',
        unit: 'ops',
        queries: one(
          'sum by (controller, result) (rate(sailwright_reconcile_total[$__rate_interval]))',
          '{{controller}} {{result}}',
        ),
      },
      {
        title: 'Time of a pass',
        about: 'Median and 99th percentile.',
        unit: 's',
        queries: quantiles('sailwright_reconcile_duration_seconds', 'controller'),
      },
      {
        title: 'Writes',
        about: 'Changing requests to the API server. None while nothing changes, but the Lease.',
        unit: 'ops',
        queries: one('sum by (verb, kind) (rate(sailwright_api_writes_total[$__rate_interval]))', '{{verb}} {{kind}}'),
      },
      {
        title: 'Queues',
        about: 'Keys that wait, and that are worked on.',
        unit: 'short',
        queries: [
          { expr: 'sum by (controller) (sailwright_workqueue_depth)', legend: '{{controller}} waiting' },
          { expr: 'sum by (controller) (sailwright_workqueue_in_flight)', legend: '{{controller}} in work' },
        ],
      },
    ],
  },
  {
    title: 'Webhooks',
    panels: [
      {
        title: 'Calls',
        about: 'By path and verdict.',
        unit: 'ops',
        queries: one(
          'sum by (path, verdict) (rate(sailwright_admission_requests_total[$__rate_interval]))',
          '{{path}} {{verdict}}',
        ),
      },
      {
        title: 'Time of a call',
        about: 'Median and 99th percentile.',
        unit: 's',
        queries: quantiles('sailwright_admission_duration_seconds', 'path'),
      },
      {
        title: 'No verdict',
        about: 'Calls that ended with another status than 200.',
        unit: 'ops',
        queries: one(
          'sum by (path, code) (rate(sailwright_admission_requests_total{code!="200"}[$__rate_interval]))',
          '{{path}} {{code}}',
        ),
      },
      {
        title: 'Connections and open calls',
        about: 'By replica.',
        unit: 'short',
        queries: [
          { expr: 'sailwright_webhook_connections', legend: '{{pod}} connections' },
          { expr: 'sailwright_admission_in_flight', legend: '{{pod}} calls' },
        ],
      },
    ],
  },
  {
    title: 'Configuration',
    panels: [
      {
        title: 'Invalid resources',
        about: 'Stored, and would be refused today.',
        unit: 'short',
        queries: one('sum by (kind) (sailwright_invalid_resources)', '{{kind}}'),
      },
      {
        title: 'Findings',
        about: 'Mistakes across resources, by code.',
        unit: 'short',
        queries: one('sum by (code, level) (sailwright_analysis_findings)', '{{level}} {{code}}'),
      },
      {
        title: 'Age of what cannot be read',
        about: 'By kind; 0 while all is current.',
        unit: 's',
        queries: one('max by (kind) (sailwright_informer_stale_seconds)', '{{kind}}'),
      },
      {
        title: 'Objects in memory',
        about: 'By kind.',
        unit: 'short',
        queries: one('max by (kind) (sailwright_informer_objects)', '{{kind}}'),
      },
    ],
  },
  {
    title: 'Process',
    panels: [
      {
        title: 'Memory',
        about: 'Resident, by replica.',
        unit: 'bytes',
        queries: one('process_resident_memory_bytes{job=~".*sailwright.*"}', '{{pod}}'),
      },
      {
        title: 'CPU',
        about: 'Processors in use, by replica.',
        unit: 'short',
        queries: one('rate(process_cpu_seconds_total{job=~".*sailwright.*"}[$__rate_interval])', '{{pod}}'),
      },
      {
        title: 'Lag of the event loop',
        about: '99th percentile, by replica.',
        unit: 's',
        queries: one('nodejs_eventloop_lag_p99_seconds{job=~".*sailwright.*"}', '{{pod}}'),
      },
      {
        title: 'Worker threads',
        about: 'That run, and jobs that wait.',
        unit: 'short',
        queries: [
          { expr: 'sum by (pool) (sailwright_workers)', legend: '{{pool}} running' },
          { expr: 'sum by (pool) (sailwright_worker_queue_length)', legend: '{{pool}} waiting' },
        ],
      },
    ],
  },
];

const COLUMNS = 24;
const HEIGHT = 8;
const DATASOURCE = { type: 'prometheus', uid: '${datasource}' };

/** The dashboard in Grafana's own form: a template variable names the Prometheus, so that it can be loaded anywhere. */
export function renderDashboard(): object {
  let id = 0;
  let y = 0;
  const panels = ROWS.flatMap(({ title, panels: members }) => {
    const width = COLUMNS / members.length;
    const row = { id: ++id, type: 'row', title, collapsed: false, panels: [], gridPos: { x: 0, y, w: COLUMNS, h: 1 } };
    const shown = members.map((panel, index) => ({
      ...renderPanel(panel, ++id),
      gridPos: { x: index * width, y: y + 1, w: width, h: HEIGHT },
    }));
    y += HEIGHT + 1;
    return [row, ...shown];
  });
  return {
    uid: 'sailwright',
    title: 'Sailwright',
    tags: ['istio', 'sailwright'],
    schemaVersion: 39,
    version: 1,
    editable: true,
    refresh: '30s',
    time: { from: 'now-6h', to: 'now' },
    templating: {
      list: [
        { name: 'datasource', label: 'Prometheus', type: 'datasource', query: 'prometheus', current: CURRENT, hide: 0 },
      ],
    },
    annotations: { list: [] },
    panels,
  };
}

/** Where there is no default that fits, Grafana takes the first one. */
const CURRENT = { text: 'default', value: 'default' };
/** Whole, as Grafana's own types ask for it: what is left out is another thing in each of its versions. */
const AS_NUMBER = {
  reduceOptions: { calcs: ['lastNotNull'], fields: '', values: false },
  colorMode: 'value',
  graphMode: 'area',
  justifyMode: 'auto',
  textMode: 'auto',
  orientation: 'auto',
  wideLayout: true,
  showPercentChange: false,
  percentChangeColorMode: 'standard',
};
const AS_CURVES = {
  legend: { displayMode: 'list', placement: 'bottom', showLegend: true, calcs: [] },
  tooltip: { mode: 'multi', sort: 'desc' },
};

function renderPanel({ title, about, unit, alarmFrom, queries }: Panel, id: number): object {
  const isNumber = alarmFrom !== undefined || /^(Leaders|Certificate)/.test(title);
  const steps = [
    { color: 'green', value: null },
    ...(alarmFrom === undefined ? [] : [{ color: 'red', value: alarmFrom }]),
  ];
  return {
    id,
    type: isNumber ? 'stat' : 'timeseries',
    title,
    description: about,
    datasource: DATASOURCE,
    fieldConfig: { defaults: { unit, min: 0, thresholds: { mode: 'absolute', steps } }, overrides: [] },
    options: isNumber ? AS_NUMBER : AS_CURVES,
    targets: queries.map(({ expr, legend }, index) => ({
      refId: String.fromCharCode(65 + index),
      datasource: DATASOURCE,
      expr,
      legendFormat: legend,
    })),
  };
}

/** The dashboard in a ConfigMap, as the sidecar of Grafana's chart finds them. */
export function renderDashboardConfigMap(): string {
  const configMap = {
    apiVersion: 'v1',
    kind: 'ConfigMap',
    metadata: {
      name: 'sailwright-dashboard',
      namespace: 'sailwright-system',
      labels: { 'app.kubernetes.io/name': 'sailwright', grafana_dashboard: '1' },
    },
    data: { 'sailwright.json': `${JSON.stringify(renderDashboard(), null, 2)}\n` },
  };
  return `# Generated by npm run generate from tools/monitoring. Do not edit.\n${stringify(configMap, { lineWidth: 0 })}`;
}
