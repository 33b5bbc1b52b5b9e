import type { JsonObject } from '../../kube-object.ts';

/** Profiles of the resource: the spec that each puts below the user's; all but `default` stand on `default`. Hub and tag come from the binary. */
export const PROFILES: Record<string, JsonObject> = {
  default: {
    components: {
      base: { enabled: true },
      pilot: { enabled: true },
      ingressGateways: [{ name: 'istio-ingressgateway', enabled: true }],
      egressGateways: [{ name: 'istio-egressgateway', enabled: false }],
    },
    values: {
      defaultRevision: '',
      global: { istioNamespace: 'istio-system', configValidation: true },
      gateways: { 'istio-ingressgateway': {}, 'istio-egressgateway': {} },
      ztunnel: { resourceName: 'ztunnel' },
    },
  },
  ambient: {
    components: {
      cni: { enabled: true },
      ztunnel: { enabled: true },
      ingressGateways: [{ name: 'istio-ingressgateway', enabled: false }],
    },
    values: { profile: 'ambient' },
  },
  demo: {
    components: { egressGateways: [{ name: 'istio-egressgateway', enabled: true }] },
    values: { profile: 'demo' },
  },
  empty: {
    components: {
      base: { enabled: false },
      pilot: { enabled: false },
      ingressGateways: [{ name: 'istio-ingressgateway', enabled: false }],
    },
  },
  minimal: { components: { ingressGateways: [{ name: 'istio-ingressgateway', enabled: false }] } },
  'openshift-ambient': {
    components: {
      cni: { enabled: true, namespace: 'kube-system' },
      ztunnel: { enabled: true, namespace: 'kube-system' },
      ingressGateways: [{ name: 'istio-ingressgateway', enabled: false }],
    },
    values: { profile: 'ambient', global: { platform: 'openshift' } },
  },
  openshift: {
    components: { cni: { enabled: true, namespace: 'kube-system' } },
    values: { global: { platform: 'openshift' } },
  },
  preview: { values: { profile: 'preview' } },
  remote: {
    components: {
      base: { enabled: true },
      pilot: { enabled: true },
      ingressGateways: [{ name: 'istio-ingressgateway', enabled: false }],
    },
    values: { profile: 'remote' },
  },
  stable: { values: { profile: 'stable' } },
};
