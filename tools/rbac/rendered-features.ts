// One specification for each feature that adds a rule to a role or a kind to the rendering.

/** Name of the feature to the `spec` that turns it on. */
export const RENDERED_FEATURES: Readonly<Record<string, Record<string, unknown>>> = {
  'profile default': { profile: 'default' },
  'profile minimal': { profile: 'minimal' },
  'profile demo': { profile: 'demo' },
  'profile empty': { profile: 'empty' },
  'profile ambient': { profile: 'ambient' },
  'profile openshift': { profile: 'openshift' },
  'profile openshift-ambient': { profile: 'openshift-ambient' },
  'profile preview': { profile: 'preview' },
  'profile remote': { profile: 'remote' },
  'profile stable': { profile: 'stable' },
  'a revision': { profile: 'default', revision: 'canary' },
  'cni deletes broken pods': {
    components: { cni: { enabled: true } },
    values: { cni: { repair: { enabled: true, deletePods: true, labelPods: false, repairPods: false } } },
  },
  'cni labels broken pods': {
    components: { cni: { enabled: true } },
    values: { cni: { repair: { enabled: true, labelPods: true, deletePods: false, repairPods: false } } },
  },
  'cni repairs pods': {
    components: { cni: { enabled: true } },
    values: { cni: { repair: { enabled: true, repairPods: true, deletePods: false, labelPods: false } } },
  },
  'node taints': { values: { pilot: { taint: { enabled: true, namespace: 'istio-system' } } } },
  'analysis by istiod': { values: { global: { istiod: { enableAnalysis: true } } } },
  'cluster trust bundles': { values: { pilot: { env: { ENABLE_CLUSTER_TRUST_BUNDLE_API: true } } } },
  'network policies': { profile: 'ambient', values: { global: { networkPolicy: { enabled: true } } } },
  'disruption budgets': {
    values: { global: { defaultPodDisruptionBudget: { enabled: true } }, pilot: { autoscaleMin: 2 } },
  },
};
