import type { JsonObject } from '../../kube-object.ts';

/** Defaults of the base chart. */
export const BASE_DEFAULTS: JsonObject = {
  global: { imagePullSecrets: [], istioNamespace: 'istio-system', resourceScope: 'all', enableReaderRBAC: true },
  base: {
    excludedCRDs: [],
    enableCRDTemplates: true,
    validationURL: '',
    validationCABundle: '',
    enableIstioConfigCRDs: true,
  },
  defaultRevision: 'default',
  experimental: { stableValidationPolicy: false },
};
