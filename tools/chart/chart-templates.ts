import type { JsonObject, KubeObject } from '../../src/core/kube-object.ts';
import { readManifests } from '../release/read-manifests.ts';
import { TemplateText } from './template-text.ts';

const NOTES = `Sailwright {{ .Chart.AppVersion }} is installed in {{ .Release.Namespace }}.

Wait until it runs:
  kubectl -n {{ .Release.Namespace }} rollout status deployment/sailwright

Then ask for a mesh:
  kubectl create namespace istio-system
  kubectl apply -f - <<EOF
  apiVersion: install.istio.io/v1alpha1
  kind: IstioOperator
  metadata: {name: istio, namespace: istio-system}
  spec: {profile: default}
  EOF

Delete every IstioOperator, and wait until it is gone, before you uninstall this chart: only the operator removes what it made.
`;

/** Where config/ installs the operator; the chart is installed where its user says. */
const NAMESPACE = 'sailwright-system';

/** A folder of config/ as templates: when it is installed, and what its objects depend on. */
interface Part {
  folder: string;
  /** The control structure around an object; always there without. */
  around?: string | ((object: KubeObject) => string | undefined);
  /** Changes an object of the folder. Undefined leaves the object out. */
  adapt?: (object: KubeObject, text: TemplateText) => KubeObject | undefined;
}

const PARTS: readonly Part[] = [
  { folder: 'crd', around: 'if .Values.crds.install', adapt: keptDefinition },
  { folder: 'rbac', around: onlyWithoutNamespaces },
  { folder: 'restricted', around: 'range .Values.rights.namespaces', adapt: inEachNamespace },
  { folder: 'manager', adapt: adaptManager },
  { folder: 'webhook' },
  { folder: 'metrics' },
  { folder: 'network-policy', around: 'if .Values.networkPolicy.enabled' },
  { folder: 'external-ca', around: 'if .Values.rights.externalCA' },
  { folder: 'cert-manager', around: 'if eq .Values.certificate.source "cert-manager"' },
  ...(
    [
      ['prometheus', 'serviceMonitor'],
      ['monitoring/rules', 'rules'],
      ['monitoring/dashboard', 'dashboard'],
      ['monitoring/mesh', 'mesh'],
    ] as const
  ).map(([folder, name]) => ({
    folder,
    around: `if .Values.monitoring.${name}.enabled`,
    adapt: withLabels(name),
  })),
];

/** The templates of the chart, by file name: every object of config/ that a choice of values installs. */
export function renderTemplates(): Map<string, string> {
  return new Map([...PARTS.flatMap(renderPart), ['NOTES.txt', NOTES]]);
}

function renderPart({ folder, around, adapt }: Part): [string, string][] {
  const own = readManifests(folder).filter((manifest) => manifest.folder === folder);
  return own.flatMap(({ object }): [string, string][] => {
    const text = new TemplateText();
    const adapted = adapt ? adapt(object, text) : object;
    if (!adapted) return [];
    const body = text.render(withChartLabels(adapted, text)).replaceAll(NAMESPACE, '{{ $.Release.Namespace }}');
    return [[fileName(folder, object), within(typeof around === 'function' ? around(object) : around, body)]];
  });
}

function fileName(folder: string, { kind, metadata }: KubeObject): string {
  const kebab = kind.replaceAll(/(?<!^)([A-Z])(?=[a-z])/g, '-$1').toLowerCase();
  return `${folder.replace('/', '-')}-${kebab}-${metadata.name.split('.')[0] ?? ''}.yaml`;
}

function within(opening: string | undefined, body: string): string {
  return opening === undefined ? body : `{{- ${opening} }}\n---\n${body}{{- end }}\n`;
}

function withChartLabels(object: KubeObject, text: TemplateText): JsonObject {
  const labels = {
    ...object.metadata.labels,
    'app.kubernetes.io/managed-by': text.value('$.Release.Service'),
    'app.kubernetes.io/version': text.text('$.Chart.AppVersion'),
    'helm.sh/chart': text.value('printf "%s-%s" $.Chart.Name $.Chart.Version'),
  };
  return { ...object, metadata: { ...object.metadata, labels } };
}

/** Helm's own folder for definitions installs them once and never upgrades them: here they are templates. */
function keptDefinition(object: KubeObject, text: TemplateText): KubeObject {
  const kept = text.lines('if .Values.crds.keep', ['annotations:', '  helm.sh/resource-policy: keep']);
  return { ...object, metadata: { ...object.metadata, [kept]: null } };
}

/** What is only granted is bound in the whole cluster, or in namespaces that are named (config/restricted). */
function onlyWithoutNamespaces({ kind, metadata }: KubeObject): string | undefined {
  const isBinding = kind === 'ClusterRoleBinding' && metadata.name === 'sailwright-namespace-grants';
  return isBinding ? 'if not .Values.rights.namespaces' : undefined;
}

function inEachNamespace(object: KubeObject, text: TemplateText): KubeObject {
  return { ...object, metadata: { ...object.metadata, namespace: text.value('.') } };
}

/** With the labels by which users select what is for their Prometheus or Grafana. */
function withLabels(part: string): NonNullable<Part['adapt']> {
  return (object, text) => {
    const given = text.lines(`with .Values.monitoring.${part}.labels`, ['{{- toYaml . | nindent 4 }}']);
    const labels = { ...object.metadata.labels, [given]: null } as unknown as Record<string, string>;
    return { ...object, metadata: { ...object.metadata, labels } };
  };
}

/** The namespace is Helm's to make, so that uninstalling the chart does not take it with all that is in it. */
function adaptManager(object: KubeObject, text: TemplateText): KubeObject | undefined {
  if (object.kind === 'Namespace') return undefined;
  return object.kind === 'Deployment' ? adaptDeployment(object, text) : object;
}

interface PodTemplate {
  metadata: { labels: JsonObject };
  spec: JsonObject & { containers: [JsonObject & { args: string[] }] };
}

function adaptDeployment(object: KubeObject, text: TemplateText): KubeObject {
  const spec = object['spec'] as JsonObject & { template: PodTemplate };
  const { metadata, spec: pod } = spec.template;
  const labels = text.lines('with .Values.podLabels', ['{{- toYaml . | nindent 8 }}']);
  const template = {
    metadata: {
      labels: { ...metadata.labels, [labels]: null },
      annotations: text.block('.Values.podAnnotations'),
    },
    spec: { ...pod, ...schedulingOf(text), containers: [adaptContainer(pod.containers[0], text)], ...volumesOf(text) },
  };
  return { ...object, spec: { ...spec, replicas: text.value('.Values.replicas'), template } };
}

function schedulingOf(text: TemplateText): JsonObject {
  const blocks = ['imagePullSecrets', 'nodeSelector', 'tolerations', 'affinity'];
  return {
    ...Object.fromEntries(blocks.map((name) => [name, text.block(`.Values.${name}`)])),
    [text.lines('with .Values.priorityClassName', ['priorityClassName: {{ . }}'])]: null,
  };
}

const CERTIFICATE_IS_MOUNTED = 'if eq .Values.certificate.source "cert-manager"';

function adaptContainer(container: JsonObject & { args: string[] }, text: TemplateText): JsonObject {
  return {
    ...container,
    image: text.value(
      'if .Values.image.digest }}{{ .Values.image.repository }}@{{ .Values.image.digest }}{{ else }}{{ .Values.image.repository }}:{{ .Values.image.tag | default .Chart.AppVersion }}{{ end',
    ),
    imagePullPolicy: text.value('.Values.image.pullPolicy'),
    args: [
      ...container.args,
      text.value('printf "--log-level=%s" .Values.logLevel'),
      text.lines('with .Values.controlPlaneNamespaces', ['- --control-plane-namespaces={{ join "," . }}']),
      text.lines('if .Values.allowPrivilegedSettings', ['- --allow-privileged-settings=true']),
      text.lines(CERTIFICATE_IS_MOUNTED, ['- --certificate-directory=/var/run/sailwright/certificate']),
      text.lines('range .Values.extraArgs', ['- {{ . | quote }}']),
    ],
    resources: text.block('.Values.resources'),
    [text.lines(CERTIFICATE_IS_MOUNTED, [
      'volumeMounts:',
      '  - name: webhook-certificate',
      '    mountPath: /var/run/sailwright/certificate',
      '    readOnly: true',
    ])]: null,
  };
}

function volumesOf(text: TemplateText): JsonObject {
  const lines = [
    'volumes:',
    '  - name: webhook-certificate',
    '    secret:',
    '      secretName: sailwright-webhook-cert-manager',
  ];
  return { [text.lines(CERTIFICATE_IS_MOUNTED, lines)]: null };
}
