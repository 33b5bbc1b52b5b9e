import { selectorText, type Labels } from '../label-selector.ts';
import { KIND, type Kind } from './kinds.ts';
import { fullName, type Resource } from './resource.ts';

/** How much a message matters. */
export type Level = 'Error' | 'Warning' | 'Info';

/**
 * The codes of analysis: Istio's own (IST0101 ...), with their levels, and Sailwright's (SWT0001 ...) for findings that
 * upstream does not have. A code never changes its meaning.
 */
export const MESSAGE_TYPES = {
  IST0002: { name: 'Deprecated', level: 'Warning' },
  IST0101: { name: 'ReferencedResourceNotFound', level: 'Error' },
  IST0102: { name: 'NamespaceNotInjected', level: 'Info' },
  IST0103: { name: 'PodMissingProxy', level: 'Warning' },
  IST0106: { name: 'SchemaValidationError', level: 'Error' },
  IST0107: { name: 'MisplacedAnnotation', level: 'Warning' },
  IST0108: { name: 'UnknownAnnotation', level: 'Warning' },
  IST0109: { name: 'ConflictingMeshGatewayVirtualServiceHosts', level: 'Error' },
  IST0110: { name: 'ConflictingSidecarWorkloadSelectors', level: 'Error' },
  IST0111: { name: 'MultipleSidecarsWithoutWorkloadSelectors', level: 'Error' },
  IST0112: { name: 'VirtualServiceDestinationPortSelectorRequired', level: 'Error' },
  IST0116: { name: 'DeploymentAssociatedToMultipleServices', level: 'Warning' },
  IST0118: { name: 'PortNameIsNotUnderNamingConvention', level: 'Info' },
  IST0123: { name: 'NamespaceMultipleInjectionLabels', level: 'Warning' },
  IST0125: { name: 'InvalidAnnotation', level: 'Warning' },
  IST0126: { name: 'UnknownMeshNetworksServiceRegistry', level: 'Error' },
  IST0127: { name: 'NoMatchingWorkloadsFound', level: 'Warning' },
  IST0128: { name: 'NoServerCertificateVerificationDestinationLevel', level: 'Warning' },
  IST0129: { name: 'NoServerCertificateVerificationPortLevel', level: 'Warning' },
  IST0130: { name: 'VirtualServiceUnreachableRule', level: 'Warning' },
  IST0131: { name: 'VirtualServiceIneffectiveMatch', level: 'Info' },
  IST0132: { name: 'VirtualServiceHostNotFoundInGateway', level: 'Warning' },
  IST0133: { name: 'SchemaWarning', level: 'Warning' },
  IST0134: { name: 'ServiceEntryAddressesRequired', level: 'Warning' },
  IST0135: { name: 'DeprecatedAnnotation', level: 'Info' },
  IST0136: { name: 'AlphaAnnotation', level: 'Info' },
  IST0137: { name: 'DeploymentConflictingPorts', level: 'Warning' },
  IST0138: { name: 'GatewayDuplicateCertificate', level: 'Warning' },
  IST0139: { name: 'InvalidWebhook', level: 'Error' },
  IST0140: { name: 'IngressRouteRulesNotAffected', level: 'Warning' },
  IST0144: { name: 'InvalidApplicationUID', level: 'Warning' },
  IST0145: { name: 'ConflictingGateways', level: 'Error' },
  IST0146: { name: 'ImageAutoWithoutInjectionWarning', level: 'Warning' },
  IST0147: { name: 'ImageAutoWithoutInjectionError', level: 'Error' },
  IST0148: { name: 'NamespaceInjectionEnabledByDefault', level: 'Info' },
  IST0149: { name: 'JwtClaimBasedRoutingWithoutRequestAuthN', level: 'Error' },
  IST0150: { name: 'ExternalNameServiceTypeInvalidPortName', level: 'Warning' },
  IST0151: { name: 'EnvoyFilterUsesRelativeOperation', level: 'Warning' },
  IST0152: { name: 'EnvoyFilterUsesReplaceOperationIncorrectly', level: 'Error' },
  IST0153: { name: 'EnvoyFilterUsesAddOperationIncorrectly', level: 'Error' },
  IST0154: { name: 'EnvoyFilterUsesRemoveOperationIncorrectly', level: 'Error' },
  IST0155: { name: 'EnvoyFilterUsesRelativeOperationWithProxyVersion', level: 'Warning' },
  IST0157: { name: 'InvalidTelemetryProvider', level: 'Warning' },
  IST0158: { name: 'PodsIstioProxyImageMismatchInNamespace', level: 'Warning' },
  IST0159: { name: 'ConflictingTelemetryWorkloadSelectors', level: 'Error' },
  IST0160: { name: 'MultipleTelemetriesWithoutWorkloadSelectors', level: 'Error' },
  IST0161: { name: 'InvalidGatewayCredential', level: 'Error' },
  IST0162: { name: 'GatewayPortNotDefinedOnService', level: 'Warning' },
  IST0163: { name: 'InvalidExternalControlPlaneConfig', level: 'Warning' },
  IST0164: { name: 'ExternalControlPlaneAddressIsNotAHostname', level: 'Info' },
  IST0165: { name: 'ReferencedInternalGateway', level: 'Warning' },
  IST0166: { name: 'IneffectiveSelector', level: 'Warning' },
  IST0167: { name: 'IneffectivePolicy', level: 'Warning' },
  IST0170: { name: 'MultiClusterInconsistentService', level: 'Warning' },
  IST0171: { name: 'NegativeConditionStatus', level: 'Warning' },
  IST0173: { name: 'DestinationRuleSubsetNotSelectPods', level: 'Error' },
  IST0174: { name: 'UnknownDestinationRuleHost', level: 'Warning' },
  IST0175: { name: 'JwksUriFetchUnrestricted', level: 'Warning' },
  IST0176: { name: 'GatewayAPICRDVersionBelowMinimum', level: 'Warning' },
  IST0177: { name: 'ConflictingServiceEntryProtocol', level: 'Warning' },
  SWT0001: { name: 'StrictMutualTlsWithPlaintextPods', level: 'Warning' },
  SWT0002: { name: 'ExternalHostNotRegistered', level: 'Warning' },
  SWT0003: { name: 'WeightsDoNotSumToHundred', level: 'Warning' },
  SWT0004: { name: 'PrincipalNotFound', level: 'Warning' },
  SWT0005: { name: 'PolicyDeniesEverything', level: 'Info' },
  SWT0006: { name: 'ReferencesNotJudged', level: 'Info' },
  SWT0007: { name: 'ObjectInSeveralFiles', level: 'Info' },
  SWT0008: { name: 'PortOfProxy', level: 'Warning' },
  SWT0009: { name: 'ApplicationRunsAsProxy', level: 'Warning' },
  SWT0010: { name: 'InjectorNotFound', level: 'Warning' },
} as const satisfies Record<string, { name: string; level: Level }>;

export type MessageCode = keyof typeof MESSAGE_TYPES;

/** One finding of analysis about one resource. */
export interface Message {
  code: MessageCode;
  resource: Resource;
  /** What is wrong and what to do, in a sentence or two. */
  text: string;
  /** The field that is meant, such as `spec.gateways[0]`; empty for the whole resource. */
  path: string;
  /** Set where something is missing: what was looked for, any of which would do. */
  needs?: readonly Need[];
}

/** An object that was looked for. Without a namespace it may be in any, or its kind has none. */
export interface Need {
  kind: Kind;
  name: string;
  namespace?: string;
  /** The labels by which it was looked for, where no name is known. */
  labels?: Labels;
  /** Whoever refers to it seldom has it in his files: that it is not among them is not worth a word. */
  isUsuallyElsewhere?: true;
}

/** A message about a resource, or about one of its fields. */
export function message(code: MessageCode, resource: Resource, text: string, path = ''): Message {
  return { code, resource, text, path };
}

/** A message that something is missing. */
export function missing(found: Message, ...needs: Need[]): Message {
  return { ...found, needs };
}

/** Pods that carry labels, in one namespace or in any. */
export function podNeed(labels: Labels | undefined, namespace?: string): Need {
  const name = selectorText(labels) || '*';
  return { kind: KIND.pod, name, labels: labels ?? {}, ...(namespace === undefined ? {} : { namespace }) };
}

/** `Service shop/web`: how a need is named for people. */
export function needText({ kind, name, namespace = '' }: Need): string {
  return `${kind.slice(kind.indexOf('/') + 1)} ${fullName({ name, namespace })}`;
}

export function levelOf(found: Pick<Message, 'code'>): Level {
  return MESSAGE_TYPES[found.code].level;
}
