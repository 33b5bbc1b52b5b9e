import * as z from 'zod';
import { readManifests } from '../release/read-manifests.ts';

const labels = z.record(z.string(), z.string());
const anyMap = z.record(z.string(), z.unknown());
const names = z.array(z.string().regex(/^[a-z0-9]([-a-z0-9]{0,61}[a-z0-9])?$/));

/** What is set in config/manager, so that the chart's defaults are those of the manifests. */
function deploymentDefaults(): { replicas: number; resources: Record<string, unknown> } {
  const found = readManifests('manager').find(({ object }) => object.kind === 'Deployment')?.object;
  const spec = found?.['spec'] as { replicas: number; template: { spec: { containers: { resources: object }[] } } };
  return { replicas: spec.replicas, resources: { ...spec.template.spec.containers[0]?.resources } };
}

const { replicas, resources } = deploymentDefaults();

const image = z
  .object({
    repository: z.string().min(1).default('sailwright').describe('Where your build of the image is, without the tag.'),
    tag: z.string().default('').describe("Tag; the chart's appVersion when empty."),
    digest: z
      .string()
      .regex(/^(sha256:[0-9a-f]{64})?$/)
      .default('')
      .describe('Digest such as sha256:...; counts more than the tag.'),
    pullPolicy: z.enum(['Always', 'IfNotPresent', 'Never']).default('IfNotPresent'),
  })
  .prefault({})
  .describe('The image of the operator.');

const certificate = z
  .object({
    source: z
      .enum(['operator', 'cert-manager'])
      .default('operator')
      .describe('Who makes the certificate of the webhooks. cert-manager has to be there before the chart.'),
  })
  .prefault({})
  .describe('The certificate of the webhooks.');

const rights = z
  .object({
    namespaces: names
      .default([])
      .describe(
        "Namespaces of control planes where the operator may write Secrets, for istiod's role grants that. Empty: in all. They must exist.",
      ),
    externalCA: z
      .boolean()
      .default(false)
      .describe('Rights for spec.values.pilot.env.EXTERNAL_CA: to approve certificate requests of any signer.'),
  })
  .prefault({})
  .describe('What the operator may do, where there is a choice.');

const crds = z
  .object({
    install: z.boolean().default(true).describe('Install and upgrade the definitions with the chart.'),
    keep: z
      .boolean()
      .default(true)
      .describe('Leave the definitions, and with them all IstioOperators, when the chart is uninstalled.'),
  })
  .prefault({})
  .describe(
    'The definitions of IstioOperators, AnalysisReports, ProxyRollouts, TrafficShifts and MutualTLSMigrations.',
  );

const enabled = z.boolean().default(false);

const monitoring = z
  .object({
    serviceMonitor: z
      .object({
        enabled: enabled.describe("Needs the Prometheus operator's definitions."),
        labels: labels.default({}).describe('By which your Prometheus selects ServiceMonitors.'),
      })
      .prefault({})
      .describe('Scraping of the operator.'),
    rules: z
      .object({
        enabled: enabled.describe("Needs the Prometheus operator's definitions."),
        labels: labels.default({}).describe('By which your Prometheus selects PrometheusRules.'),
      })
      .prefault({})
      .describe('Alerts, each with a page of what to do.'),
    dashboard: z
      .object({
        enabled: enabled.describe("A ConfigMap for the sidecar of Grafana's chart."),
        labels: labels.default({}).describe('Further labels by which Grafana selects it.'),
      })
      .prefault({})
      .describe('A dashboard for Grafana.'),
    mesh: z
      .object({
        enabled: enabled.describe("Needs the Prometheus operator's definitions."),
        labels: labels.default({}).describe('By which your Prometheus selects ServiceMonitors and PodMonitors.'),
      })
      .prefault({})
      .describe('Scraping of istiod and of all proxies.'),
  })
  .prefault({})
  .describe('What Prometheus and Grafana are told.');

/** The values of the chart: defaults, schema and words all come from here. */
export const chartValues = z.strictObject({
  global: anyMap.optional().describe('Not used: Helm gives it to every chart within another.'),
  replicas: z.int().min(1).default(replicas).describe('One leads, the others stand by and answer webhooks as well.'),
  image,
  imagePullSecrets: z
    .array(z.object({ name: z.string() }))
    .default([])
    .describe('Secrets of the namespace to pull the image with.'),
  resources: anyMap.default(resources).describe('Requests and limits of the container.'),
  podAnnotations: labels.default({}).describe('Further annotations of the pods.'),
  podLabels: labels.default({}).describe('Further labels of the pods.'),
  nodeSelector: labels.default({}).describe('Nodes to run on.'),
  tolerations: z.array(anyMap).default([]).describe('Taints to tolerate.'),
  affinity: anyMap.default({}).describe('Affinity of the pods.'),
  priorityClassName: z.string().default('').describe('Priority of the pods.'),
  logLevel: z.enum(['debug', 'info', 'warn', 'error']).default('info').describe('Least level that is logged.'),
  controlPlaneNamespaces: names
    .default([])
    .describe('Namespaces, beside istio-system and labelled ones, that may hold IstioOperators and control planes.'),
  allowPrivilegedSettings: z
    .boolean()
    .default(false)
    .describe('Apply overlays and settings that reach roles, accounts, host access or where webhooks lead.'),
  extraArgs: z.array(z.string()).default([]).describe('Further flags of sailwright run.'),
  certificate,
  rights,
  networkPolicy: z
    .object({ enabled: z.boolean().default(true) })
    .prefault({})
    .describe('Let in only calls of webhooks and probes, and scrapers from labelled namespaces.'),
  crds,
  monitoring,
});
