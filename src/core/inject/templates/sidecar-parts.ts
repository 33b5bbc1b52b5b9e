import type { Json, JsonObject } from '../../kube-object.ts';
import { lasting } from '../../lasting-values.ts';
import { RecentTexts } from '../../recent-texts.ts';
import { InjectionError } from '../template-context.ts';
import { initContainer } from './init-container.ts';
import { proxyFrame } from './proxy-container.ts';
import { proxyResources } from './proxy-resources.ts';
import { imagePullSecrets, proxyVolumes } from './proxy-volumes.ts';
import { sharedEnv, type SidecarEnv } from './sidecar-env.ts';
import {
  interceptionModeOf,
  proxyAnnotations,
  type ProxyInput,
  type SharedAnnotations,
  type TemplateInput,
} from './template-input.ts';
import type { VolumeChoice } from './volumes.ts';

/** Volumes of a proxy beside an application. */
export const SIDECAR_VOLUMES: VolumeChoice = {
  proxyVolume: 'istio-envoy',
  credentialSocket: true,
  revocationList: true,
  customBootstrap: true,
  userVolumes: true,
  lightstep: true,
};

/** What a sidecar adds to a pod, as far as it is the same for most pods of a mesh. */
export interface SidecarParts {
  isNative: boolean;
  /** The container that captures the traffic, if there is one. */
  init: readonly JsonObject[];
  /** The proxy's container without its environment. */
  proxy: JsonObject;
  env: SidecarEnv;
  volumes: JsonObject[];
  /** Empty, or with that field. */
  imagePullSecrets: JsonObject;
  /** They are the same object for all pods that ask for the same. */
  isKept: boolean;
}

/** The parts that the annotations of a single pod often change, in place of those of the mesh. */
export interface OwnParts {
  init: readonly JsonObject[];
  resources: Json;
}

const KEPT = { texts: 64, length: 1024 };
/** Keys of the parts that were asked for once. */
const asked = new RecentTexts<true>(KEPT);
const kept = new RecentTexts<SidecarParts>(KEPT);

/** The parts for a pod. @throws InjectionError */
export function sidecarParts(input: TemplateInput): SidecarParts {
  const annotations = proxyAnnotations(input);
  if (!annotations.own) return sharedParts(input, annotations.shared);
  const whole = ownInput(input, { ...annotations.shared, ...annotations.own });
  try {
    const shared = sharedParts(input, annotations.shared);
    const { init, resources } = ownParts(shared, whole);
    return { ...shared, init, proxy: { ...shared.proxy, resources }, isKept: false };
  } catch (error) {
    // What is wrong in the mesh may be right in the pod.
    if (error instanceof InjectionError) return makeParts(whole);
    throw error;
  }
}

/** The parts as if the pod changed none of its own, and those. @throws InjectionError */
export function dividedParts(input: TemplateInput): { shared: SidecarParts; own: OwnParts | undefined } {
  const annotations = proxyAnnotations(input);
  const shared = sharedParts(input, annotations.shared);
  if (!annotations.own) return { shared, own: undefined };
  return { shared, own: ownParts(shared, ownInput(input, { ...annotations.shared, ...annotations.own })) };
}

function ownInput(input: TemplateInput, annotations: ProxyInput['annotations']): ProxyInput {
  return { ...input, annotations };
}

function ownParts({ init }: SidecarParts, input: ProxyInput): OwnParts {
  return { init: init.length > 0 ? [initContainer(input)] : [], resources: proxyResources(input) };
}

/**
 * Their key tells apart all that they are made of: the type of their input says so. What only one pod asks for is not
 * kept.
 */
function sharedParts(input: TemplateInput, annotations: SharedAnnotations | undefined): SidecarParts {
  const shared = ownInput(input, annotations ?? {});
  const key = keyOf(input, annotations);
  let isFirst = false;
  asked.of(key, () => (isFirst = true));
  return isFirst ? makeParts(shared) : kept.of(key, () => lastingParts(shared));
}

function lastingParts(input: ProxyInput): SidecarParts {
  const parts = makeParts(input);
  const { beforePorts, beforeWorkload, beforeTelemetry, last } = parts.env;
  for (const variable of [...beforePorts, ...beforeWorkload, ...beforeTelemetry, ...last]) lasting(variable, 0);
  for (const container of [...parts.init, parts.proxy]) lasting(container, 1);
  lasting(parts.volumes, 1);
  return { ...parts, isKept: true };
}

function makeParts(input: ProxyInput): SidecarParts {
  const isNative = isNativeSidecar(input);
  const init = interceptionModeOf(input) === 'NONE' ? [] : [initContainer(input)];
  return {
    isNative,
    init,
    proxy: proxyFrame(input, isNative, SIDECAR_VOLUMES),
    env: sharedEnv(input),
    volumes: proxyVolumes(input, SIDECAR_VOLUMES),
    imagePullSecrets: imagePullSecrets(input),
    isKept: false,
  };
}

/** Any value but "false" asks for a native sidecar; an empty one counts as none. */
function isNativeSidecar({ annotations, context }: ProxyInput): boolean {
  const asked = annotations['sidecar.istio.io/nativeSidecar'];
  return asked ? asked !== 'false' : context.nativeSidecars;
}

function keyOf({ context, serviceAccount }: TemplateInput, annotations: object | undefined): string {
  const { proxyConfig, meshConfig, values, traits } = context;
  return JSON.stringify([
    [proxyConfig, meshConfig, values, traits].map(numberOf),
    context.nativeSidecars,
    context.proxyUid,
    context.proxyGid,
    context.proxyImage,
    context.proxyInitImage,
    context.compliancePolicy,
    context.inboundTrafficPolicyMode,
    serviceAccount,
    annotations,
  ]);
}

/** Stands for an object that is never changed. */
const numbers = new WeakMap<object, number>();
let lastNumber = 0;

function numberOf(object: object): number {
  let number = numbers.get(object);
  if (number === undefined) numbers.set(object, (number = ++lastNumber));
  return number;
}
