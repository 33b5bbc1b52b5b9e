import { isJsonObject, type Json, type JsonObject } from '../kube-object.ts';
import { getAt, mapAt } from '../values/tree-path.ts';

/** An environment variable that the user sets. */
export interface Variable {
  name: string;
  /** Such as `spec.values.pilot.env.NAME`. */
  path: string;
  reader: 'istiod' | 'proxies';
}

type Path = readonly string[];

const VALUES: readonly Path[] = [
  ['spec', 'values'],
  ['spec', 'unvalidatedValues'],
];
const METADATA: Path = ['meshConfig', 'defaultConfig', 'proxyMetadata'];
const GATEWAY_CHARTS = ['istio-ingressgateway', 'istio-egressgateway'];
const GATEWAYS = ['ingressGateways', 'egressGateways'];

/** Variables of istiod and of proxies, gateways among them, in the user's own words: those of profiles are Istio's. */
export function listVariables(user: JsonObject): Variable[] {
  const inMaps = (reader: Variable['reader'], ...paths: readonly Path[]): Variable[] =>
    paths.flatMap((path) => inMap(user, path, reader));
  return [
    ...inMaps('istiod', ...VALUES.map((values) => [...values, 'pilot', 'env'])),
    ...inSettings(getAt(user, ['spec', 'components', 'pilot']), 'spec.components.pilot', 'istiod'),
    ...inMaps('proxies', ['spec', ...METADATA], ...VALUES.map((values) => [...values, ...METADATA])),
    ...GATEWAY_CHARTS.flatMap((chart) =>
      inMaps('proxies', ...VALUES.map((values) => [...values, 'gateways', chart, 'env'])),
    ),
    ...GATEWAYS.flatMap((kind) => inGateways(getAt(user, ['spec', 'components', kind]), `spec.components.${kind}`)),
  ];
}

function inMap(user: JsonObject, path: Path, reader: Variable['reader']): Variable[] {
  return Object.keys(mapAt(user, path) ?? {}).map((name) => ({ name, path: [...path, name].join('.'), reader }));
}

function inGateways(gateways: Json | undefined, path: string): Variable[] {
  if (!Array.isArray(gateways)) return [];
  return gateways.flatMap((gateway, i) => inSettings(gateway, `${path}[${i}]`, 'proxies'));
}

function inSettings(component: Json | undefined, path: string, reader: Variable['reader']): Variable[] {
  const env = isJsonObject(component) ? getAt(component, ['k8s', 'env']) : undefined;
  if (!Array.isArray(env)) return [];
  return env.flatMap((entry, i) =>
    isJsonObject(entry) && typeof entry['name'] === 'string'
      ? [{ name: entry['name'], path: `${path}.k8s.env[${i}]`, reader }]
      : [],
  );
}
