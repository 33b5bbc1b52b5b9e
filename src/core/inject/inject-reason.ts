/**
 * Why a pod gets a sidecar or does not. The keys are stable: metrics, Events and `--explain` carry them.
 */
export const INJECT_REASONS = {
  HostNetwork: { inject: false, text: 'the pod uses the network of its node, whose traffic must not be redirected' },
  SystemNamespace: { inject: false, text: 'pods of this system namespace are never injected' },
  LabelEnabled: { inject: true, text: 'label sidecar.istio.io/inject is "true"' },
  LabelDisabled: { inject: false, text: 'label sidecar.istio.io/inject is "false"' },
  AnnotationEnabled: { inject: true, text: 'annotation sidecar.istio.io/inject is "true"' },
  AnnotationDisabled: { inject: false, text: 'annotation sidecar.istio.io/inject is "false"' },
  NeverInjectSelector: { inject: false, text: 'a neverInjectSelector matches the labels of the pod' },
  AlwaysInjectSelector: { inject: true, text: 'an alwaysInjectSelector matches the labels of the pod' },
  PolicyEnabled: { inject: true, text: 'the policy (global.proxy.autoInject) is "enabled" and nothing says otherwise' },
  PolicyDisabled: {
    inject: false,
    text: 'the policy (global.proxy.autoInject) is "disabled" and nothing says otherwise',
  },
  PolicyUnknown: {
    inject: false,
    text: 'the policy (global.proxy.autoInject) is neither "enabled" nor "disabled", which turns injection off',
  },
} as const satisfies Readonly<Record<string, { inject: boolean; text: string }>>;

export type InjectReason = keyof typeof INJECT_REASONS;
