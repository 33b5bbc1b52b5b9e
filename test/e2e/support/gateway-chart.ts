// A chart as Istio's gateway chart renders it by default: a proxy of any name in any namespace, filled in by injection.
const LABELS = {
  app: '{{ .Release.Name }}',
  istio: '{{ .Release.Name | trimPrefix "istio-" }}',
};
const METADATA = {
  name: '{{ .Release.Name }}',
  namespace: '{{ .Release.Namespace }}',
  labels: {
    ...LABELS,
    'helm.sh/chart': 'gateway-{{ .Chart.Version }}',
    'app.kubernetes.io/version': '{{ .Chart.Version }}',
    'app.kubernetes.io/managed-by': 'Helm',
    'app.kubernetes.io/name': '{{ .Release.Name }}',
    'app.kubernetes.io/instance': '{{ .Release.Name }}',
    'app.kubernetes.io/part-of': 'istio',
  },
  annotations: {},
};
const CONTAINER = {
  name: 'istio-proxy',
  image: 'auto',
  ports: [{ containerPort: 15090, protocol: 'TCP', name: 'http-envoy-prom' }],
  resources: { limits: { cpu: '2000m', memory: '1024Mi' }, requests: { cpu: '100m', memory: '128Mi' } },
  securityContext: {
    allowPrivilegeEscalation: false,
    capabilities: { drop: ['ALL'] },
    privileged: false,
    readOnlyRootFilesystem: true,
    runAsGroup: 1337,
    runAsNonRoot: true,
    runAsUser: 1337,
  },
};
const DEPLOYMENT = {
  apiVersion: 'apps/v1',
  kind: 'Deployment',
  metadata: METADATA,
  spec: {
    selector: { matchLabels: LABELS },
    template: {
      metadata: {
        annotations: {
          'inject.istio.io/templates': 'gateway',
          'prometheus.io/path': '/stats/prometheus',
          'prometheus.io/port': '15020',
          'prometheus.io/scrape': 'true',
          'sidecar.istio.io/inject': 'true',
        },
        labels: {
          ...LABELS,
          ...METADATA.labels,
          'service.istio.io/canonical-name': '{{ .Release.Name }}',
          'service.istio.io/canonical-revision': 'latest',
          'sidecar.istio.io/inject': 'true',
        },
      },
      spec: {
        serviceAccountName: '{{ .Release.Name }}',
        securityContext: { sysctls: [{ name: 'net.ipv4.ip_unprivileged_port_start', value: '0' }] },
        containers: [CONTAINER],
        terminationGracePeriodSeconds: 30,
      },
    },
  },
};
const SERVICE = {
  apiVersion: 'v1',
  kind: 'Service',
  metadata: METADATA,
  spec: {
    type: 'LoadBalancer',
    ports: [
      { name: 'status-port', port: 15021, protocol: 'TCP', targetPort: 15021 },
      { name: 'http2', port: 80, protocol: 'TCP', targetPort: 80 },
      { name: 'https', port: 443, protocol: 'TCP', targetPort: 443 },
    ],
    selector: LABELS,
  },
};
const AUTOSCALER = {
  apiVersion: 'autoscaling/v2',
  kind: 'HorizontalPodAutoscaler',
  metadata: METADATA,
  spec: {
    scaleTargetRef: { apiVersion: 'apps/v1', kind: 'Deployment', name: '{{ .Release.Name }}' },
    minReplicas: 1,
    maxReplicas: 5,
    metrics: [{ type: 'Resource', resource: { name: 'cpu', target: { type: 'Utilization', averageUtilization: 80 } } }],
  },
};
const ROLE = {
  apiVersion: 'rbac.authorization.k8s.io/v1',
  kind: 'Role',
  metadata: METADATA,
  rules: [{ apiGroups: [''], resources: ['secrets'], verbs: ['get', 'watch', 'list'] }],
};
const BINDING = {
  apiVersion: 'rbac.authorization.k8s.io/v1',
  kind: 'RoleBinding',
  metadata: METADATA,
  roleRef: { apiGroup: 'rbac.authorization.k8s.io', kind: 'Role', name: '{{ .Release.Name }}' },
  subjects: [{ kind: 'ServiceAccount', name: '{{ .Release.Name }}' }],
};
const ACCOUNT = { apiVersion: 'v1', kind: 'ServiceAccount', metadata: METADATA };

/** Its templates by path. */
export const GATEWAY_CHART: Readonly<Record<string, string>> = Object.fromEntries(
  [ACCOUNT, ROLE, BINDING, SERVICE, DEPLOYMENT, AUTOSCALER].map((object) => [
    `templates/${object.kind.toLowerCase()}.yaml`,
    // Quotation marks of templates are not those of JSON.
    JSON.stringify(object).replaceAll('\\"', '"'),
  ]),
);
