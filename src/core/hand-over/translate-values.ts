import { isJsonObject, type Json, type JsonObject, type KubeObject } from '../kube-object.ts';
import { canonicalJson } from '../canonical-json.ts';
import { COMPONENT_LABEL } from '../../api/our-names.ts';
import { withDefaults } from './shared-webhooks.ts';
import type { Translation } from './translation.ts';

/** The values that istioctl's profile gives, before any of the user's. */
export type ProfileValues = (profile: string) => JsonObject | undefined;

/** Where the user's own part lies: what a profile gives is left out. */
const PROFILES = ['default', 'minimal', 'demo', 'ambient', 'openshift', 'openshift-ambient', 'stable', 'preview'];
const NAME_LABEL = 'app.kubernetes.io/name';
const USUAL_LABELS = {
  IngressGateways: { app: 'istio-ingressgateway', istio: 'ingressgateway' },
  EgressGateways: { app: 'istio-egressgateway', istio: 'egressgateway' },
} as const;

/**
 * The resource that stands for an installation of istioctl, which keeps no copy of its own: the values that it wrote
 * beside the control plane, less those of the profile which leaves the fewest, and the workloads that are there.
 */
export function translateValues(
  original: JsonObject,
  objects: readonly KubeObject[],
  profileValues: ProfileValues,
): Translation {
  const candidates = PROFILES.flatMap((profile) => {
    const base = profileValues(profile);
    return base ? [{ profile, rest: subtract(original, base) }] : [];
  });
  const [best] = candidates.sort((a, b) => canonicalJson(a.rest).length - canonicalJson(b.rest).length);
  const { profile, rest } = best ?? { profile: 'default', rest: original };
  const { revision, ...values } = rest;
  // A list of the profile's is replaced as a whole, also by an empty one.
  const components: JsonObject = {
    cni: { enabled: hasAgent(objects, 'istio-cni') },
    ztunnel: { enabled: hasAgent(objects, 'ztunnel') },
    ingressGateways: gatewaysOf(objects, 'IngressGateways'),
    egressGateways: gatewaysOf(objects, 'EgressGateways'),
  };
  return {
    spec: {
      profile,
      ...(typeof revision === 'string' && revision !== '' ? { revision } : {}),
      components,
      values: withDefaults(withoutComputed(values), objects),
    },
    notes: [],
  };
}

/** Fields of the one tree that the other has not, or has otherwise. */
function subtract(tree: JsonObject, base: JsonObject): JsonObject {
  const rest: JsonObject = {};
  for (const [key, value] of Object.entries(tree)) {
    const below = base[key];
    if (isJsonObject(value) && isJsonObject(below)) {
      const inner = subtract(value, below);
      if (Object.keys(inner).length > 0) rest[key] = inner;
    } else if (canonicalJson(value) !== canonicalJson(below)) rest[key] = value;
  }
  return rest;
}

/** What istioctl computes from `spec.components`: it comes again by itself. */
function withoutComputed(values: JsonObject): JsonObject {
  const { pilot, ...rest } = values;
  if (!isJsonObject(pilot)) return values;
  const { enabled: _, cni, ...own } = pilot;
  if (isJsonObject(cni)) {
    const { enabled: __, ...usage } = cni;
    if (Object.keys(usage).length > 0) own['cni'] = usage;
  }
  return Object.keys(own).length > 0 ? { ...rest, pilot: own } : rest;
}

function gatewaysOf(objects: readonly KubeObject[], component: keyof typeof USUAL_LABELS): Json[] {
  return objects
    .filter(({ kind, metadata }) => kind === 'Deployment' && metadata.labels?.[COMPONENT_LABEL] === component)
    .map((object) => {
      const { name, namespace = '' } = object.metadata;
      const label = selectorOf(object);
      const isUsual = canonicalJson(label) === canonicalJson(USUAL_LABELS[component]);
      return { name, namespace, enabled: true, ...(isUsual ? {} : { label }) };
    });
}

function selectorOf({ spec }: KubeObject): JsonObject {
  const selector = isJsonObject(spec) ? spec['selector'] : undefined;
  const labels = isJsonObject(selector) ? selector['matchLabels'] : undefined;
  return isJsonObject(labels) ? labels : {};
}

function hasAgent(objects: readonly KubeObject[], name: string): boolean {
  return objects.some(({ kind, metadata }) => kind === 'DaemonSet' && metadata.labels?.[NAME_LABEL] === name);
}
