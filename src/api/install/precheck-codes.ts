/** Whether a finding stops an upgrade. */
export type PrecheckLevel = 'blocking' | 'warning';

/**
 * Every code of what may be found before an upgrade, and what it means to its reader. Users name blocking ones in an
 * annotation: a rename is a breaking change.
 */
export const PRECHECK_CODES = {
  AutoscalerFull: 'An autoscaler of the mesh is at its limit: the pods that an upgrade restarts find no room to grow.',
  DisruptionsBlocked: 'A PodDisruptionBudget lets no pod go: a node that is drained meanwhile waits.',
  EnvoyFilterByName:
    'An EnvoyFilter looks for a filter, listener, route or cluster by a name that Istio made; such names change between releases.',
  EnvoyFilterForVersion:
    'An EnvoyFilter is for proxies of certain versions, and proxies of the release that comes are none of them: it would take no effect.',
  FlagChanged: 'The default of an environment variable that is set becomes another one.',
  FlagRemoved:
    'An environment variable that is set is not read any more: what it set goes another way, without a word.',
  GatewayApiTooOld:
    'Definitions of the Gateway API are too old for the release that comes: resources of the kind are ignored.',
  InjectorsCompete: 'Another injector takes pods that this one takes too.',
  KubernetesTooOld: 'The release that comes is not made for a Kubernetes so old.',
  MinorsSkipped: 'The upgrade would pass over a minor; Istio goes one minor at a time in place.',
  OlderMinor: 'The release that comes is older than the one that runs.',
  PreviewVersion: 'The release that comes is of a minor that is a preview, which the one that runs is not.',
  ProxiesNewer: 'Proxies are newer than the control plane would be, which Istio does not support.',
  ProxiesTooOld: 'Proxies are more than one minor older than the control plane would be, which Istio does not support.',
  ResourceRefused:
    'What is stored is refused by the release that comes: it stays, acts otherwise, and cannot be changed any more.',
  ResourceUnjudged: 'A resource is too large to be judged before the upgrade.',
  SettingOutdated: 'The resource sets what is deprecated, or what the release that comes does not know.',
  WorkloadNotReady: 'A part of the mesh does not run as wanted already before the upgrade.',
} as const satisfies Readonly<Record<string, string>>;

export type PrecheckCode = keyof typeof PRECHECK_CODES;
