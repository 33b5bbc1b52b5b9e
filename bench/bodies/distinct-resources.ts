import type { JsonObject } from '../../src/core/kube-object.ts';
import { Choices } from './choices.ts';
import { SERIAL } from './distinct-pods.ts';

type MakeSpec = (choices: Choices, host: string) => JsonObject;

/** By how often people write them: the first ones come in several places. */
const KINDS: readonly [Kind, ...Kind[]] = [
  { apiVersion: 'networking.istio.io/v1', kind: 'VirtualService', spec: virtualService },
  { apiVersion: 'networking.istio.io/v1', kind: 'VirtualService', spec: virtualService },
  { apiVersion: 'networking.istio.io/v1', kind: 'VirtualService', spec: virtualService },
  { apiVersion: 'networking.istio.io/v1', kind: 'DestinationRule', spec: destinationRule },
  { apiVersion: 'networking.istio.io/v1', kind: 'DestinationRule', spec: destinationRule },
  { apiVersion: 'security.istio.io/v1', kind: 'AuthorizationPolicy', spec: authorizationPolicy },
  { apiVersion: 'security.istio.io/v1', kind: 'AuthorizationPolicy', spec: authorizationPolicy },
  { apiVersion: 'networking.istio.io/v1', kind: 'ServiceEntry', spec: serviceEntry },
  { apiVersion: 'networking.istio.io/v1', kind: 'Gateway', spec: gateway },
  { apiVersion: 'security.istio.io/v1', kind: 'PeerAuthentication', spec: peerAuthentication },
  { apiVersion: 'networking.istio.io/v1', kind: 'Sidecar', spec: sidecar },
  { apiVersion: 'security.istio.io/v1', kind: 'RequestAuthentication', spec: requestAuthentication },
];

interface Kind {
  apiVersion: string;
  kind: string;
  spec: MakeSpec;
}

/** Reviews of valid resources of Istio's kinds; no two are the same. */
export function distinctResourceReviews(count: number, seed = 1): JsonObject[] {
  const choices = new Choices(seed);
  return Array.from({ length: count }, (_, i) => {
    const { apiVersion, kind, spec } = choices.oneOf(KINDS);
    const namespace = `team-${choices.number(1, 150)}`;
    const metadata = { name: `${kind.toLowerCase()}-${i}-${SERIAL}`, namespace, labels: { team: namespace } };
    const object = { apiVersion, kind, metadata, spec: spec(choices, `service-${i}`) };
    const request = { uid: `uid-${SERIAL}`, operation: 'CREATE', namespace, object };
    return { kind: 'AdmissionReview', apiVersion: 'admission.k8s.io/v1', request };
  });
}

function virtualService(choices: Choices, host: string): JsonObject {
  return {
    hosts: [host, `${host}.example.com`],
    ...choices.maybe(0.3, () => ({ gateways: ['mesh', 'public'] })),
    http: choices.many([1, 5], (i) => ({
      name: `rule-${i}`,
      match: choices.many([1, 2], () => match(choices)),
      ...choices.maybe(0.5, () => ({ timeout: `${choices.number(1, 30)}s` })),
      ...choices.maybe(0.4, () => ({
        retries: { attempts: choices.number(1, 5), perTryTimeout: '2s', retryOn: '5xx,reset' },
      })),
      ...choices.maybe(0.2, () => ({ headers: { request: { set: { 'x-from': host }, remove: ['x-debug'] } } })),
      ...choices.maybe(0.15, () => ({ rewrite: { uri: `/v${choices.number(1, 9)}` } })),
      route: routes(choices, host),
    })),
  };
}

function match(choices: Choices): JsonObject {
  const path = `/path-${choices.number(1, 999)}`;
  return {
    uri: choices.oneOf<JsonObject>([{ prefix: path }, { exact: path }, { regex: `${path}/[a-z]+` }]),
    ...choices.maybe(0.3, () => ({ headers: { 'x-group': { regex: `(beta|staff)-${choices.number(1, 99)}.*` } } })),
    ...choices.maybe(0.2, () => ({ method: { exact: choices.oneOf(['GET', 'POST', 'PUT']) } })),
  };
}

function routes(choices: Choices, host: string): JsonObject[] {
  const weight = choices.number(1, 99);
  const destination = (subset: string): JsonObject => ({ host, subset, port: { number: 8080 } });
  return [
    { destination: destination('v1'), weight },
    { destination: destination('v2'), weight: 100 - weight },
  ];
}

function destinationRule(choices: Choices, host: string): JsonObject {
  return {
    host,
    trafficPolicy: {
      loadBalancer: { simple: choices.oneOf(['LEAST_REQUEST', 'ROUND_ROBIN', 'RANDOM']) },
      connectionPool: {
        tcp: { maxConnections: choices.number(10, 1000) },
        http: { http1MaxPendingRequests: choices.number(10, 1000), maxRequestsPerConnection: choices.number(1, 100) },
      },
      ...choices.maybe(0.5, () => ({
        outlierDetection: { consecutive5xxErrors: choices.number(1, 9), interval: '10s', baseEjectionTime: '30s' },
      })),
      ...choices.maybe(0.3, () => ({ tls: { mode: 'ISTIO_MUTUAL' } })),
    },
    subsets: choices.many([1, 4], (i) => ({ name: `v${i + 1}`, labels: { version: `v${i + 1}` } })),
  };
}

function authorizationPolicy(choices: Choices, host: string): JsonObject {
  return {
    selector: { matchLabels: { app: host } },
    action: choices.oneOf(['ALLOW', 'DENY', 'AUDIT']),
    rules: choices.many([1, 4], () => ({
      from: [
        { source: { principals: choices.many([1, 3], () => `cluster.local/ns/team-${choices.number(1, 99)}/sa/web`) } },
      ],
      to: [{ operation: { methods: ['GET', 'POST'], paths: [`/api/${choices.number(1, 99)}/*`], ports: ['8080'] } }],
      ...choices.maybe(0.3, () => ({
        when: [{ key: 'request.headers[x-tenant]', values: [`tenant-${choices.number(1, 999)}`] }],
      })),
    })),
  };
}

function serviceEntry(choices: Choices, host: string): JsonObject {
  return {
    hosts: [`${host}.outside.example`],
    location: 'MESH_EXTERNAL',
    ports: choices.many([1, 3], (i) => ({ number: 443 + i, name: `tls-${i}`, protocol: 'TLS' })),
    resolution: 'STATIC',
    endpoints: choices.many([1, 4], () => ({ address: `192.0.2.${choices.number(1, 254)}` })),
  };
}

function gateway(choices: Choices, host: string): JsonObject {
  return {
    selector: { istio: 'ingressgateway' },
    servers: [
      {
        port: { number: 80, name: 'http', protocol: 'HTTP' },
        hosts: [`${host}.example.com`],
        tls: { httpsRedirect: true },
      },
      ...choices.many([1, 3], (i) => ({
        port: { number: 443 + i, name: `https-${i}`, protocol: 'HTTPS' },
        hosts: [`${host}-${i}.example.com`],
        tls: { mode: 'SIMPLE', credentialName: `${host}-${choices.number(1, 99)}` },
      })),
    ],
  };
}

function peerAuthentication(choices: Choices, host: string): JsonObject {
  return {
    selector: { matchLabels: { app: host } },
    mtls: { mode: choices.oneOf(['STRICT', 'PERMISSIVE']) },
    portLevelMtls: { [String(choices.number(1024, 9999))]: { mode: 'DISABLE' } },
  };
}

function sidecar(choices: Choices, host: string): JsonObject {
  return {
    workloadSelector: { labels: { app: host } },
    egress: [{ hosts: ['./*', 'istio-system/*', ...choices.many([1, 5], () => `team-${choices.number(1, 99)}/*`)] }],
    outboundTrafficPolicy: { mode: choices.oneOf(['REGISTRY_ONLY', 'ALLOW_ANY']) },
  };
}

function requestAuthentication(choices: Choices, host: string): JsonObject {
  return {
    selector: { matchLabels: { app: host } },
    jwtRules: choices.many([1, 2], (i) => ({
      issuer: `https://issuer-${i}-${choices.number(1, 999)}.example.com`,
      jwksUri: `https://issuer-${i}.example.com/keys`,
      audiences: [host],
      forwardOriginalToken: choices.isSo(0.5),
    })),
  };
}
