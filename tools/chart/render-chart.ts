import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { stringify } from 'yaml';
import { OLDEST_KUBE_MINOR } from '../release/oldest-kube-minor.ts';
import { renderTemplates } from './chart-templates.ts';
import { listValues, renderDefaultValues, renderValuesSchema } from './values-files.ts';

const ROOT = join(import.meta.dirname, '../..');
export const CHART_NAME = 'sailwright';

/**
 * The files of the Helm chart of this version, by their path within its folder, made from config/ and the schema of values.
 * The default of the image can be given.
 */
export function renderChart(version: string, repository?: string): Map<string, string> {
  return new Map([
    ['Chart.yaml', renderChartFile(version)],
    ['values.yaml', renderDefaultValues(repository)],
    ['values.schema.json', renderValuesSchema()],
    ['README.md', renderReadme()],
    ['LICENSE', readFileSync(join(ROOT, 'LICENSE'), 'utf8')],
    ...[...renderTemplates()].map(([name, text]): [string, string] => [`templates/${name}`, text]),
  ]);
}

function renderChartFile(version: string): string {
  return stringify({
    apiVersion: 'v2',
    name: CHART_NAME,
    description: 'Operator for the Istio service mesh: an IstioOperator resource in, a running control plane out',
    type: 'application',
    version,
    appVersion: version,
    kubeVersion: `>=1.${OLDEST_KUBE_MINOR}.0-0`,
    keywords: ['istio', 'service-mesh', 'operator'],
    annotations: { 'artifacthub.io/license': 'Apache-2.0' },
  });
}

function renderReadme(): string {
  const rows = listValues().map(
    ({ path, value, description }) => `| \`${path}\` | \`${JSON.stringify(value)}\` | ${description} |`,
  );
  const lines = [
    '# Sailwright',
    '',
    'The operator for the Istio service mesh. One installation for a cluster, whatever the name of the release.',
    '',
    '| value | default | what |',
    '| --- | --- | --- |',
    ...rows,
  ];
  return `${lines.join('\n')}\n`;
}
