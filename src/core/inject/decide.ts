import { INJECT_LABEL, SYSTEM_NAMESPACES } from '../../api/istio-names.ts';
import { INJECT_REASONS, type InjectReason } from './inject-reason.ts';
import type { CompiledSelector } from './compile-selector.ts';
import type { Pod } from './template-context.ts';

/** What the decision needs of a configuration. */
export interface InjectionPolicy {
  /** `enabled` or `disabled`; anything else turns injection off. */
  policy: string;
  neverInjectSelectors: readonly CompiledSelector[];
  alwaysInjectSelectors: readonly CompiledSelector[];
}

/** One rule that was looked at, in order, and what it said. */
export interface DecisionStep {
  rule: string;
  finding: string;
  /** The rule settled the question. */
  decided: boolean;
}

export interface InjectionDecision {
  inject: boolean;
  reason: InjectReason;
  /** The reason in words. */
  message: string;
}

/** Whether the pod gets a sidecar, by the rules of Istio's injector, and why. */
export function decide(pod: Pod, namespace: string, config: InjectionPolicy): InjectionDecision {
  for (const { look } of RULES) {
    const { reason } = look(pod, namespace, config);
    if (reason) return { inject: INJECT_REASONS[reason].inject, reason, message: INJECT_REASONS[reason].text };
  }
  return { inject: false, reason: 'PolicyUnknown', message: INJECT_REASONS.PolicyUnknown.text };
}

/** The rules that {@link decide} looks at, up to the one that decides. */
export function explainDecision(pod: Pod, namespace: string, config: InjectionPolicy): DecisionStep[] {
  const steps: DecisionStep[] = [];
  for (const { name, look } of RULES) {
    const { reason, finding } = look(pod, namespace, config);
    steps.push({ rule: name, finding: finding(), decided: reason !== undefined });
    if (reason) break;
  }
  return steps;
}

interface Finding {
  reason?: InjectReason;
  /** Written only where somebody reads it. */
  finding: () => string;
}

interface Rule {
  name: string;
  look: (pod: Pod, namespace: string, config: InjectionPolicy) => Finding;
}

const RULES: readonly Rule[] = [
  {
    name: 'host network',
    look: ({ spec }) =>
      spec.hostNetwork === true
        ? { reason: 'HostNetwork', finding: () => 'spec.hostNetwork is true' }
        : { finding: () => 'spec.hostNetwork is not set' },
  },
  {
    name: 'system namespace',
    look: (_pod, namespace) =>
      SYSTEM_NAMESPACES.includes(namespace)
        ? { reason: 'SystemNamespace', finding: () => `namespace ${namespace} is a system namespace` }
        : { finding: () => `namespace ${namespace || '(none)'} is no system namespace` },
  },
  { name: 'policy', look: lookAtPolicy },
  { name: 'label and annotation', look: lookAtPod },
  {
    name: 'neverInjectSelector',
    look: (pod, _, config) => lookAtSelectors(pod, config.neverInjectSelectors, 'NeverInjectSelector'),
  },
  {
    name: 'alwaysInjectSelector',
    look: (pod, _, config) => lookAtSelectors(pod, config.alwaysInjectSelectors, 'AlwaysInjectSelector'),
  },
  {
    name: 'default',
    look: (_pod, _namespace, { policy }) => ({
      reason: policy === 'enabled' ? 'PolicyEnabled' : 'PolicyDisabled',
      finding: () => `the policy is ${policy}`,
    }),
  },
];

function lookAtPolicy(_pod: Pod, _namespace: string, { policy }: InjectionPolicy): Finding {
  const known = policy === 'enabled' || policy === 'disabled';
  const finding = (): string => `the policy is ${JSON.stringify(policy)}`;
  return known ? { finding } : { reason: 'PolicyUnknown', finding };
}

function lookAtPod({ metadata }: Pod): Finding {
  const label = metadata.labels?.[INJECT_LABEL];
  const value = label ?? metadata.annotations?.[INJECT_LABEL];
  if (value === undefined) return { finding: () => `neither label nor annotation ${INJECT_LABEL}` };
  const place = label === undefined ? 'annotation' : 'label';
  const finding = (): string => `${place} ${INJECT_LABEL} is ${JSON.stringify(value)}`;
  if (value === 'true') return { reason: label === undefined ? 'AnnotationEnabled' : 'LabelEnabled', finding };
  if (value === 'false') return { reason: label === undefined ? 'AnnotationDisabled' : 'LabelDisabled', finding };
  return { finding: () => `${finding()}: only "true" and "false" count` };
}

function lookAtSelectors({ metadata }: Pod, selectors: readonly CompiledSelector[], reason: InjectReason): Finding {
  const labels = metadata.labels ?? {};
  const at = selectors.findIndex((selector) => selector.matches(labels));
  if (at >= 0) return { reason, finding: () => `entry ${at} matches` };
  return { finding: () => ['no entry matches', ...brokenOf(selectors)].join('; ') };
}

function brokenOf(selectors: readonly CompiledSelector[]): string[] {
  return selectors.flatMap(({ problem }, i) => (problem === undefined ? [] : [`entry ${i} is ignored: ${problem}`]));
}
