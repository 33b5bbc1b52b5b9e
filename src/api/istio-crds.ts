/** A CustomResourceDefinition as plain data. */
export type CustomResourceDefinition = {
  apiVersion: 'apiextensions.k8s.io/v1';
  kind: 'CustomResourceDefinition';
  metadata: { name: string; labels?: Record<string, string>; annotations?: Record<string, string> };
  spec: Record<string, unknown>;
};

/** The definitions of Istio's own kinds, in a stable order. */
export function istioCustomResourceDefinitions(): CustomResourceDefinition[] {
  return [];
}
