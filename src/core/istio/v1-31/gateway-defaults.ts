import type { JsonObject } from '../../kube-object.ts';

/** What ingress and egress gateways have in common. */
const GATEWAY: JsonObject = {
  rollingMaxSurge: '100%',
  rollingMaxUnavailable: '25%',
  autoscaleEnabled: true,
  autoscaleMin: 1,
  autoscaleMax: 5,
  cpu: { targetAverageUtilization: 80 },
  memory: {},
  resources: { requests: { cpu: '100m', memory: '128Mi' }, limits: { cpu: '2000m', memory: '1024Mi' } },
  serviceAnnotations: {},
  ipFamilyPolicy: '',
  ipFamilies: [],
  podAnnotations: {},
  additionalContainers: [],
  configVolumes: [],
  serviceAccount: { annotations: {} },
  env: {},
  nodeSelector: {},
  tolerations: [],
  podAntiAffinityLabelSelector: [],
  podAntiAffinityTermLabelSelector: [],
  runAsRoot: false,
  injectionTemplate: '',
};

const COMMON: JsonObject = {
  revision: '',
  ownerName: '',
  global: {
    defaultNodeSelector: {},
    defaultPodDisruptionBudget: { enabled: true },
    defaultResources: { requests: { cpu: '10m' } },
    defaultTolerations: [],
    imagePullPolicy: '',
    imagePullSecrets: [],
    logAsJson: false,
    arch: {},
    logging: { level: 'default:info' },
    priorityClassName: '',
    proxy: { image: 'proxyv2', clusterDomain: 'cluster.local', componentLogLevel: 'misc:error', logLevel: 'warning' },
    caAddress: '',
    istioNamespace: 'istio-system',
    meshID: '',
    mountMtlsCerts: false,
    multiCluster: { clusterName: '' },
    network: '',
    pilotCertProvider: 'istiod',
    sds: { token: { aud: 'istio-ca' } },
    sts: { servicePort: 0 },
    networkPolicy: { enabled: false },
  },
  meshConfig: {
    enablePrometheusMerge: true,
    trustDomain: 'cluster.local',
    defaultConfig: { proxyMetadata: {}, tracing: null },
  },
};

/** Defaults of the ingress gateway chart. */
export const INGRESS_DEFAULTS: JsonObject = {
  ...COMMON,
  global: { ...(COMMON['global'] as JsonObject), variant: '' },
  gateways: {
    'istio-ingressgateway': {
      ...GATEWAY,
      name: 'istio-ingressgateway',
      labels: { app: 'istio-ingressgateway', istio: 'ingressgateway' },
      ports: [
        { port: 15021, targetPort: 15021, name: 'status-port', protocol: 'TCP' },
        { port: 80, targetPort: 8080, name: 'http2', protocol: 'TCP' },
        { port: 443, targetPort: 8443, name: 'https', protocol: 'TCP' },
      ],
      loadBalancerIP: '',
      loadBalancerSourceRanges: [],
      type: 'LoadBalancer',
      secretVolumes: [
        {
          name: 'ingressgateway-certs',
          secretName: 'istio-ingressgateway-certs',
          mountPath: '/etc/istio/ingressgateway-certs',
        },
        {
          name: 'ingressgateway-ca-certs',
          secretName: 'istio-ingressgateway-ca-certs',
          mountPath: '/etc/istio/ingressgateway-ca-certs',
        },
      ],
      customService: false,
      externalTrafficPolicy: '',
      ingressPorts: [],
    },
  },
};

/** Defaults of the egress gateway chart. */
export const EGRESS_DEFAULTS: JsonObject = {
  ...COMMON,
  gateways: {
    'istio-egressgateway': {
      ...GATEWAY,
      name: 'istio-egressgateway',
      ports: [
        { port: 80, targetPort: 8080, name: 'http2', protocol: 'TCP' },
        { port: 443, name: 'https', targetPort: 8443, protocol: 'TCP' },
      ],
      labels: { app: 'istio-egressgateway', istio: 'egressgateway' },
      type: 'ClusterIP',
      secretVolumes: [
        {
          name: 'egressgateway-certs',
          secretName: 'istio-egressgateway-certs',
          mountPath: '/etc/istio/egressgateway-certs',
        },
        {
          name: 'egressgateway-ca-certs',
          secretName: 'istio-egressgateway-ca-certs',
          mountPath: '/etc/istio/egressgateway-ca-certs',
        },
      ],
    },
  },
};
