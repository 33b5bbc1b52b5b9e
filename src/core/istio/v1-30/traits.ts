import type { IstioTraits } from '../traits.ts';
import { TRAITS as NEXT } from '../v1-31/traits.ts';

export const TRAITS: IstioTraits = {
  ...NEXT,
  takesReaderServiceAccount: false,
  setsTerminationMessagePolicy: false,
  keepsListenerProtocol: false,
  tellsZtunnelItsCpu: false,
  putsKubernetesSettingsIntoValues: false,
  splitsSetAtFirstEquals: false,
  quotesAnnotations: false,
  hasOwnInitImage: false,
  trimsCanonicalName: false,
  tellsGoOfFips: false,
  announcesSecurePort: false,
  mergesScrapeTargets: false,
  checksScrapePorts: false,
  hasAgentgatewayWaypoint: false,
  excludesEgressNamespaces: false,
  keepsDynamicDnsToMesh: false,
  allowsGentleWarmup: false,
};
