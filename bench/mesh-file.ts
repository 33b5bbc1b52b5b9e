import { writeFileSync } from 'node:fs';
import { stringify } from 'yaml';

/** Of the mesh in the file. */
export const SERVICES = 1_000;
const NAMESPACES = 20;
/** A pod that calls, by the name that commands take. */
export const CLIENT = 'app-0-0.team-0';
/** A service, likewise. */
export const SERVICE = 'app-7.team-7';

/** Writes a mesh of 1,000 services with two pods each, rules and routes for every second, and policies for each namespace. */
export function writeMeshFile(path: string): void {
  const objects = Array.from({ length: SERVICES }, (_, i) => objectsOf(i)).flat();
  const spaces = Array.from({ length: NAMESPACES }, (_, i) => spaceOf(i)).flat();
  writeFileSync(path, [...spaces, ...objects].map((object) => stringify(object)).join('---\n'));
}

function spaceOf(i: number): object[] {
  const name = `team-${i}`;
  return [
    { apiVersion: 'v1', kind: 'Namespace', metadata: { name, labels: { 'istio-injection': 'enabled' } } },
    istio('security.istio.io/v1', 'PeerAuthentication', 'default', name, {
      mtls: { mode: i % 2 ? 'STRICT' : 'PERMISSIVE' },
    }),
    istio('security.istio.io/v1', 'AuthorizationPolicy', 'default', name, { rules: [{}] }),
  ];
}

function objectsOf(i: number): object[] {
  const [name, namespace] = [`app-${i}`, `team-${i % NAMESPACES}`];
  const pods = [0, 1].map((nth) => ({
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: {
      name: `${name}-${nth}`,
      namespace,
      labels: { app: name, version: `v${nth}`, 'security.istio.io/tlsMode': 'istio' },
    },
    spec: {
      containers: [
        { name: 'app', image: 'app:1' },
        { name: 'istio-proxy', image: 'proxy:1' },
      ],
    },
  }));
  const ports = [
    { name: 'http', port: 80, targetPort: 8080 },
    { name: 'grpc', port: 9090 },
  ];
  const service = {
    apiVersion: 'v1',
    kind: 'Service',
    metadata: { name, namespace },
    spec: { selector: { app: name }, ports },
  };
  return [...pods, service, ...(i % 2 ? rulesOf(name, namespace) : [])];
}

function rulesOf(name: string, namespace: string): object[] {
  const subsets = [0, 1].map((nth) => ({ name: `v${nth}`, labels: { version: `v${nth}` } }));
  const route = subsets.map((subset) => ({
    destination: { host: name, subset: subset.name, port: { number: 80 } },
    weight: 50,
  }));
  return [
    istio('networking.istio.io/v1', 'DestinationRule', name, namespace, {
      host: name,
      trafficPolicy: { tls: { mode: 'ISTIO_MUTUAL' } },
      subsets,
    }),
    istio('networking.istio.io/v1', 'VirtualService', name, namespace, { hosts: [name], http: [{ route }] }),
  ];
}

function istio(apiVersion: string, kind: string, name: string, ...[namespace, spec]: [string, object]): object {
  return { apiVersion, kind, metadata: { name, namespace }, spec };
}
