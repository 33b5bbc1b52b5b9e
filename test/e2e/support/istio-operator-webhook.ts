/** config/webhook's configuration, for an operator beside the cluster. */
export function istioOperatorWebhook(url: string): object {
  return {
    apiVersion: 'admissionregistration.k8s.io/v1',
    kind: 'ValidatingWebhookConfiguration',
    metadata: { name: 'test-istiooperator' },
    webhooks: [
      {
        name: 'istiooperator.sailwright.dev',
        clientConfig: { url: `${url}/validate-istiooperator` },
        rules: [
          {
            apiGroups: ['install.istio.io'],
            apiVersions: ['v1alpha1'],
            operations: ['CREATE', 'UPDATE'],
            resources: ['istiooperators'],
          },
        ],
        failurePolicy: 'Ignore',
        sideEffects: 'None',
        admissionReviewVersions: ['v1'],
      },
    ],
  };
}
