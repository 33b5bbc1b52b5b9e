import { revisionSuffix } from '../labels.ts';
import { bare, firstTruthy, isOn, isTruthy, objectAt, printed, str, valueAt } from '../../values/value-tree.ts';
import { isJsonObject } from '../../kube-object.ts';
import { toYamlText } from '../yaml-text.ts';
import { istiodName, istioNamespace, pilotLabels } from './identity.ts';
import { remoteServiceName } from './remote-service.ts';
import type { ChartContext } from '../chart.ts';
import type { Json, JsonObject, KubeObject } from '../../kube-object.ts';

/** Whether a telemetry provider is on by default: every switch is, and the user named no providers. */
function isDefaultProvider(context: ChartContext, provider: 'prometheus' | 'stackdriver'): boolean {
  const { values } = context;
  if (isOn(values, 'meshConfig.defaultProviders')) return false;
  const switches = ['telemetry.enabled', 'telemetry.v2.enabled'].every((path) => isOn(values, path));
  return switches && str(values, `telemetry.v2.${provider}.enabled`) === 'true';
}

function defaultProviders(context: ChartContext): JsonObject {
  const metrics = (['prometheus', 'stackdriver'] as const).filter((provider) => isDefaultProvider(context, provider));
  if (metrics.length === 0) return {};
  return {
    defaultProviders: { metrics, ...(metrics.includes('stackdriver') ? { accessLogging: ['stackdriver'] } : {}) },
  };
}

/** Where proxies look for istiod. */
function discoveryHost(context: ChartContext): string {
  const { values } = context;
  if (!isOn(values, 'global.remotePilotAddress')) return istiodName(context);
  const beside = isOn(values, 'istiodRemote.enabled') && isOn(values, 'istiodRemote.enabledLocalInjectorIstiod');
  // Upstream forgets the revision here, although the service carries it in its name.
  if (context.form === 'upstream') return beside ? 'istiod-remote' : 'istiod';
  return beside ? remoteServiceName(context) : istiodName(context);
}

function tracing(context: ChartContext): JsonObject {
  const { values } = context;
  const setting = (path: string, fallback?: Json): Json =>
    bare(firstTruthy(valueAt(values, `global.tracer.${path}`)) ?? fallback);
  switch (str(values, 'global.proxy.tracer')) {
    case 'none':
      return {};
    case 'lightstep':
      return {
        tracing: {
          lightstep: { address: setting('lightstep.address'), accessToken: setting('lightstep.accessToken') },
        },
      };
    case 'zipkin':
      return { tracing: { zipkin: { address: setting('zipkin.address', `zipkin.${istioNamespace(context)}:9411`) } } };
    case 'datadog':
      return { tracing: { datadog: { address: setting('datadog.address', '$(HOST_IP):8126') } } };
    case 'stackdriver': {
      const limits = ['maxNumberOfAttributes', 'maxNumberOfAnnotations', 'maxNumberOfMessageEvents'];
      const counts = limits.map((limit): [string, Json] => [limit, setting(`stackdriver.${limit}`, 200)]);
      return {
        tracing: { stackdriver: { debug: setting('stackdriver.debug', false), ...Object.fromEntries<Json>(counts) } },
      };
    }
    default:
      return { tracing: null };
  }
}

function defaultProxyConfig(context: ChartContext): JsonObject {
  const { values } = context;
  const variant = firstTruthy(valueAt(values, 'global.proxy.variant'), valueAt(values, 'global.variant'));
  return {
    ...(isOn(values, 'global.meshID') ? { meshId: str(values, 'global.meshID') } : {}),
    ...(variant === undefined ? {} : { image: { imageType: printed(variant) } }),
    ...tracing(context),
    discoveryAddress: `${discoveryHost(context)}.${context.namespace}.svc:15012`,
  };
}

/** Maps merge key by key; all else, null included, replaces. */
function merged(base: JsonObject, over: JsonObject): JsonObject {
  const result: JsonObject = { ...base };
  for (const [key, value] of Object.entries(over)) {
    const below = result[key];
    result[key] = isJsonObject(below) && isJsonObject(value) ? merged(below, value) : value;
  }
  return result;
}

/** The mesh configuration: computed defaults, overlaid by `meshConfig`. */
export function computeMeshConfig(context: ChartContext): JsonObject {
  const { values } = context;
  const root = firstTruthy(valueAt(values, 'meshConfig.rootNamespace'), valueAt(values, 'global.istioNamespace'));
  const defaults: JsonObject = {
    trustDomain: 'cluster.local',
    rootNamespace: printed(root),
    ...defaultProviders(context),
    defaultConfig: defaultProxyConfig(context),
  };
  return merged(defaults, objectAt(values, 'meshConfig'));
}

/** The ConfigMap that istiod reads its mesh configuration from. */
export function renderMeshConfigMap(context: ChartContext): KubeObject {
  const networks = valueAt(context.values, 'global.meshNetworks');
  return {
    apiVersion: 'v1',
    kind: 'ConfigMap',
    metadata: { name: `istio${revisionSuffix(context)}`, namespace: context.namespace, labels: pilotLabels(context) },
    data: {
      mesh: toYamlText(computeMeshConfig(context)),
      meshNetworks: toYamlText({ networks: isTruthy(networks) ? networks : {} }),
    },
  };
}
