import type { IstioKindName, SpecOf } from '../../../api/istio-kinds.ts';
import type { ValidationTraits } from '../../istio/traits.ts';
import type { Finding } from '../../validate/finding.ts';
import { validatorOf } from '../../validate/index.ts';
import type { Analyzer } from '../analyzer.ts';
import { KIND, type Kind } from '../kinds.ts';
import { message, type Message, type MessageCode } from '../messages.ts';
import { specAs, type Resource } from '../resource.ts';
import { releaseIn } from '../world.ts';

/** Istio's kinds, each with an analyzer of its own as in Istio's tool. */
const KINDS: readonly (readonly [IstioKindName, Kind])[] = [
  ['AuthorizationPolicy', KIND.authorizationPolicy],
  ['DestinationRule', KIND.destinationRule],
  ['EnvoyFilter', KIND.envoyFilter],
  ['Gateway', KIND.gateway],
  ['PeerAuthentication', KIND.peerAuthentication],
  ['ProxyConfig', KIND.proxyConfig],
  ['RequestAuthentication', KIND.requestAuthentication],
  ['ServiceEntry', KIND.serviceEntry],
  ['Sidecar', KIND.sidecar],
  ['Telemetry', KIND.telemetry],
  ['TrafficExtension', KIND.trafficExtension],
  ['VirtualService', KIND.virtualService],
  ['WasmPlugin', KIND.wasmPlugin],
  ['WorkloadEntry', KIND.workloadEntry],
  ['WorkloadGroup', KIND.workloadGroup],
];

/** Warnings of validators that have a code of their own in analysis. */
const CODES: Readonly<Record<string, MessageCode>> = {
  VirtualServiceUnreachableRule: 'IST0130',
  VirtualServiceIneffectiveMatch: 'IST0131',
};

/** What validation says of each resource by itself. */
export const schemaValidations: readonly Analyzer[] = KINDS.map(([name, kind]) => ({
  name: `schema.ValidationAnalyzer.${name}`,
  inputs: [kind],
  analyze: (world) => {
    const { traits } = releaseIn(world);
    return world.list(kind).flatMap((resource) => analyzeResource(name, resource, traits));
  },
}));

function analyzeResource<K extends IstioKindName>(kind: K, resource: Resource, traits: ValidationTraits): Message[] {
  const { name, namespace } = resource;
  // Labels and annotations do not count, as in Istio's tool.
  const subject = { kind, name, namespace, labels: {}, annotations: {}, traits, spec: specAs<SpecOf<K>>(resource) };
  return validatorOf(kind)(subject).map((finding) => messageOf(finding, resource));
}

function messageOf({ severity, path, code, message: text }: Finding, resource: Resource): Message {
  const own = CODES[code] ?? 'IST0133';
  return message(severity === 'error' ? 'IST0106' : own, resource, `${path}: ${text}`, path);
}
