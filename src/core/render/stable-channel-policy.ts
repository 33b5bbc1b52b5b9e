import type { KubeObject } from '../kube-object.ts';

const CONFIGURATION_GROUPS = ['security.istio.io', 'networking.istio.io', 'telemetry.istio.io', 'extensions.istio.io'];

/** Every kind of Istio's configuration, on create and update: what validation looks at. */
export const CONFIGURATION_RULE = {
  operations: ['CREATE', 'UPDATE'],
  apiGroups: CONFIGURATION_GROUPS,
  apiVersions: ['*'],
  resources: ['*'],
};

const WATCHED_KINDS = ['EnvoyFilter', 'WasmPlugin', 'ProxyConfig', 'Telemetry', 'AuthorizationPolicy'];

/** Fields of Telemetry that are not stable: list, name of its element in the expression, field. */
const UNSTABLE_TELEMETRY = [
  ['tracing', 't', 'useRequestIdForTraceSampling'],
  ['metrics', 'm', 'reportingInterval'],
  ['accessLogging', 'l', 'filter'],
] as const;

/** Fields of a source in an AuthorizationPolicy that are not stable. */
const UNSTABLE_SOURCE = ['trustDomains', 'notTrustDomains'];

function telemetryExpression(): string {
  const lists = UNSTABLE_TELEMETRY.map(([list, item, field]) => {
    const all = `object.spec.${list}`;
    return `    (has(${all}) ? ${all} : {}).exists(${item}, has(${item}.${field}))`;
  });
  return ['!(', '  variables.isTelemetry && (', lists.join(' ||\n'), '  )', ')', ''].join('\n');
}

function sourceExpression(): string {
  const fields = UNSTABLE_SOURCE.map((field) => `has(f.source.${field})`).join(' || ');
  const nested = [
    'has(object.spec.rules) &&',
    'object.spec.rules.exists(r,',
    '  has(r.from) && r.from.exists(f,',
    `    has(f.source) && (${fields})`,
    '  )',
    ')',
  ];
  return ['!(', ...['variables.isAuthorizationPolicy &&', ...nested].map((line) => `  ${line}`), ')'].join('\n');
}

export interface StableChannelPolicy {
  name: string;
  bindingName: string;
  labels: Record<string, string>;
  /** Which objects it looks at; absent for all. */
  objectSelector?: object;
}

/** A policy that refuses kinds and fields outside Istio's stable channel, and its binding. */
export function renderStableChannelPolicy(policy: StableChannelPolicy): KubeObject[] {
  const apiVersion = 'admissionregistration.k8s.io/v1';
  return [
    {
      apiVersion,
      kind: 'ValidatingAdmissionPolicy',
      metadata: { name: policy.name, labels: policy.labels },
      spec: {
        failurePolicy: 'Fail',
        matchConstraints: {
          resourceRules: [CONFIGURATION_RULE],
          ...(policy.objectSelector ? { objectSelector: policy.objectSelector } : {}),
        },
        variables: WATCHED_KINDS.map((kind) => ({ name: `is${kind}`, expression: `object.kind == '${kind}'` })),
        validations: [
          ...WATCHED_KINDS.slice(0, 3).map((kind) => `!variables.is${kind}`),
          telemetryExpression(),
          sourceExpression(),
        ].map((expression) => ({ expression })),
      },
    },
    {
      apiVersion,
      kind: 'ValidatingAdmissionPolicyBinding',
      metadata: { name: policy.bindingName },
      spec: { policyName: policy.name, validationActions: ['Deny'] },
    },
  ];
}
