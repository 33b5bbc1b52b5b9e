import * as z from 'zod';
import { anything, choice, flag, freeObject, text, textList, valuesObject } from '../../field-types.ts';
import { labelSelector } from '../../kubernetes/selectors.ts';
import { meshConfig } from '../../mesh/mesh-config.ts';
import { cni, cniUsage } from './cni.ts';
import { gateways } from './gateways.ts';
import { global } from './global.ts';
import { istiodRemote, pilot } from './pilot.ts';

const enabledOnly = valuesObject('Switch', () => ({ enabled: flag.describe('On or off.') }));

const telemetry = valuesObject('TelemetryValues', () => ({
  enabled: flag.describe('Whether proxies report metrics.'),
  v2: valuesObject('TelemetryV2', () => ({
    enabled: flag.describe('Whether proxies report metrics by themselves.'),
    prometheus: enabledOnly.describe('Metrics for Prometheus.'),
    stackdriver: enabledOnly.describe('Metrics for Stackdriver.'),
  })).describe('Metrics made in the proxy.'),
}));

const sidecarInjectorWebhook = valuesObject('SidecarInjector', () => ({
  enableNamespacesByDefault: flag.describe('Inject in namespaces that say nothing.'),
  reinvocationPolicy: choice('Never', 'IfNeeded').describe('Whether the webhook is called again after others.'),
  neverInjectSelector: z.array(labelSelector).describe('Pods that are never injected.'),
  alwaysInjectSelector: z.array(labelSelector).describe('Pods that are always injected.'),
  rewriteAppHTTPProbe: flag.describe("Lead the application's checks through the agent."),
  injectedAnnotations: freeObject.describe('Annotations added to injected pods.'),
  injectionURL: text.describe('Address of a webhook outside of the cluster.'),
  templates: freeObject.describe('Further injection templates by name.'),
  defaultTemplates: textList.describe('Templates used when a pod names none.'),
}));

const base = valuesObject('BaseValues', () => ({
  enableCRDTemplates: flag.describe('Render the CRDs with the other objects.'),
  excludedCRDs: textList.describe('CRDs to leave out, by full name.'),
  validationURL: text.describe('Address of a validation webhook outside of the cluster.'),
  enableIstioConfigCRDs: flag.describe("Whether Istio's CRDs are installed."),
  validateGateway: flag.describe('Without effect today.'),
  validationCABundle: text.describe('Certificate by which that webhook is trusted.'),
}));

export const values = valuesObject('Values', () => ({
  cni: cni.describe('The CNI agent.'),
  gateways: gateways.describe('Gateways.'),
  global: global.describe('Settings that several components share.'),
  pilot: pilot.describe('istiod.'),
  ztunnel: anything.describe("ztunnel; its chart's values, not checked."),
  telemetry: telemetry.describe('Metrics.'),
  sidecarInjectorWebhook: sidecarInjectorWebhook.describe('Sidecar injection.'),
  istio_cni: cniUsage.describe('Old form of `pilot.cni`.'),
  revision: text.describe('Use `spec.revision`.'),
  ownerName: text.describe('Without effect today.'),
  // Its fields stand in the CRD once, at spec.meshConfig.
  meshConfig: meshConfig.meta({
    description: 'Mesh configuration; `spec.meshConfig` is put on top.',
    k8s: { preserveUnknown: true },
  }),
  base: base.describe('The cluster-wide parts.'),
  istiodRemote: istiodRemote.describe('A control plane elsewhere.'),
  revisionTags: textList.describe('Further names of this revision.'),
  defaultRevision: text.describe('Revision that is the default of the cluster.'),
  profile: text.describe('Use `spec.profile`.'),
  compatibilityVersion: text.describe('Use `spec.compatibilityVersion`.'),
  experimental: valuesObject('Experimental', () => ({
    stableValidationPolicy: flag.describe('Refuse resources that use unstable features.'),
  })).describe('Settings that may change.'),
  gatewayClasses: anything.describe('Defaults of the objects made for Gateway API classes.'),
}));
export type Values = z.infer<typeof values>;
