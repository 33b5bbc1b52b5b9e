/**
 * What a release of Istio does otherwise than its neighbours, beside the data of its minor: one switch for each
 * behaviour. Renderers, templates, validators and analyzers ask these and never for a number.
 */
export interface IstioTraits extends RenderingTraits, InjectionTraits, ValidationTraits, AnalysisTraits {}

/** Of what charts and the install command make. */
export interface RenderingTraits {
  /** The account of readers can be another than Istio's (`global.readerServiceAccount`). */
  takesReaderServiceAccount: boolean;
  /** The container of istiod takes `pilot.terminationMessagePolicy`. */
  setsTerminationMessagePolicy: boolean;
  /** Ports of a gateway's Service have the protocol of the listener; before, TCP. */
  keepsListenerProtocol: boolean;
  /** Ztunnel is told of its own requests and limits of CPU, where it has them. */
  tellsZtunnelItsCpu: boolean;
  /** Replicas and CPU of `components.*.k8s` are values too, so that budgets and autoscalers see them. */
  putsKubernetesSettingsIntoValues: boolean;
  /** `--set a=b=c` sets `a` to `b=c`; before, the whole was a path without a value. */
  splitsSetAtFirstEquals: boolean;
  /** Istiod may write the status of the experimental kind XBackend. */
  writesBackendStatus: boolean;
}

/** Of what is added to a pod, and of the gateways and agents that charts start. */
export interface InjectionTraits {
  /**
   * Text of the annotations proxyImage, logLevel, componentLogLevel, agentLogLevel and bootstrapOverride stands in quotes
   * in the injection templates and means itself. Before, it was read as YAML.
   */
  quotesAnnotations: boolean;
  /** The init container has an image of its own (`global.proxy_init.image`); before, that of the proxy. */
  hasOwnInitImage: boolean;
  /** The canonical name of a workload loses `-`, `_` and `.` at both ends; before, one `-` at its end. */
  trimsCanonicalName: boolean;
  /** Go is told to use nothing but FIPS 140 modules where the compliance policy asks for them. */
  tellsGoOfFips: boolean;
  /** Go is told the limit of CPU (`GOMAXPROCS`); from Go 1.25 on it reads the limit itself. */
  tellsGoItsCpu: boolean;
  /** The port of merged metrics with TLS is announced by an annotation. */
  announcesSecurePort: boolean;
  /** Metrics are merged from several ports (`prometheus.istio.io/scrape-targets`). */
  mergesScrapeTargets: boolean;
  /** Ports that cannot be scraped refuse the pod. */
  checksScrapePorts: boolean;
  /** There is a template `agentgateway-waypoint`. */
  hasAgentgatewayWaypoint: boolean;
}

/** Of what is refused or warned of. Fields and words that are new in a minor are data: `IstioVersion.added`. */
export interface ValidationTraits {
  /** A namespace in a Sidecar's egress hosts may be excluded with `~`; before, `~` stood alone. */
  excludesEgressNamespaces: boolean;
  /** A Sidecar's outbound mode ALLOW_ANY_DYNAMIC_DNS is refused: it is one of the mesh. */
  keepsDynamicDnsToMesh: boolean;
  /** `warmup.aggression` may be any number above zero; before, at least 1. */
  allowsGentleWarmup: boolean;
  /** A ServiceEntry's addresses that stand for very much are warned of. */
  warnsOfWideAddresses: boolean;
}

/** Of what is found across resources. */
export interface AnalysisTraits {
  /** VirtualServices may name Gateways of the Gateway API. */
  knowsKubernetesGateways: boolean;
}
