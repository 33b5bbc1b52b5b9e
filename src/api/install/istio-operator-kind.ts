/** The API group and version, kind and names of the resource. */
export const ISTIO_OPERATOR = {
  group: 'install.istio.io',
  version: 'v1alpha1',
  apiVersion: 'install.istio.io/v1alpha1',
  kind: 'IstioOperator',
  plural: 'istiooperators',
  singular: 'istiooperator',
  shortNames: ['iop', 'io'],
} as const;
