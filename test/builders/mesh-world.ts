import { MutableWorld } from '../../src/core/analyze/world.ts';
import { meshOfConfigMaps } from '../../src/core/analyze/mesh-of-config-maps.ts';
import { resourceOf } from '../../src/core/analyze/world-from-objects.ts';
import { parseYamlObjects } from '../../src/core/values/yaml-input.ts';

/** A world of objects as they would be in a cluster; what names no namespace is in `shop`. */
export function meshWorld(...yaml: readonly string[]): MutableWorld {
  const objects = parseYamlObjects(yaml.join('\n---\n'), []);
  const resources = objects.flatMap((value) => resourceOf({ value, origin: {} }, 'shop') ?? []);
  const surroundings = { now: 0, readCertificate: () => undefined };
  return new MutableWorld([...resources, ...meshOfConfigMaps(resources, 'istio-system')], surroundings);
}

/** The ConfigMap with the configuration of the mesh. */
export function meshConfigYaml(settings: string): string {
  return `{apiVersion: v1, kind: ConfigMap, metadata: {name: istio, namespace: istio-system}, data: {mesh: '${settings}'}}`;
}

interface Named {
  name: string;
  namespace?: string;
}

/** A pod with what carries its traffic. */
export function podYaml(
  { name, namespace = 'shop' }: Named,
  {
    carrier = 'sidecar',
    labels = '',
    annotations = '',
  }: { carrier?: 'sidecar' | 'none' | 'gateway' | 'ambient'; labels?: string; annotations?: string } = {},
): string {
  const app = '{name: app, ports: [{name: web, containerPort: 8080}]}';
  const proxy = '{name: istio-proxy, image: "proxy:1"}';
  const containers = { sidecar: [app, proxy], none: [app], gateway: [proxy], ambient: [app] }[carrier];
  const tls = carrier === 'sidecar' ? ', security.istio.io/tlsMode: istio' : '';
  const marks = carrier === 'ambient' ? 'ambient.istio.io/redirection: enabled, ' : '';
  return `
apiVersion: v1
kind: Pod
metadata:
  name: ${name}
  namespace: ${namespace}
  labels: {app: ${name}${tls}${labels && `, ${labels}`}}
  annotations: {${marks}${annotations}}
spec: {containers: [${containers.join(', ')}]}
`;
}

/** A service of the pods with its name. */
export function serviceYaml({ name, namespace = 'shop' }: Named, spec = ''): string {
  return `
apiVersion: v1
kind: Service
metadata: {name: ${name}, namespace: ${namespace}}
spec: {selector: {app: ${name}}, ports: [{name: http, port: 80, targetPort: 8080}]${spec && `, ${spec}`}}
`;
}

/** One of Istio's resources, in short. */
export function istioYaml(kind: string, { name, namespace = 'shop' }: Named, spec: string): string {
  const group = kind.endsWith('Authentication') || kind.endsWith('Policy') ? 'security' : 'networking';
  return `
apiVersion: ${group}.istio.io/v1
kind: ${kind}
metadata: {name: ${name}, namespace: ${namespace}}
spec: ${spec}
`;
}
