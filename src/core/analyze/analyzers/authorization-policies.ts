import type { AuthorizationPolicy } from '../../../api/security/authorization-policy.ts';
import type { Analyzer } from '../analyzer.ts';
import { KIND } from '../kinds.ts';
import { podInAmbient, podInMesh } from '../mesh-membership.ts';
import { rootNamespaceOf } from '../mesh-settings.ts';
import { message, missing, podNeed, type Message } from '../messages.ts';
import { specAs, type Resource } from '../resource.ts';
import { hasLabels, selectorText, type Labels } from '../../label-selector.ts';
import type { World } from '../world.ts';

function checkWorkloads(world: World, resource: Resource, meshPods: readonly Resource[]): Message[] {
  const selector: Labels | undefined = specAs<AuthorizationPolicy>(resource).selector
    ? (specAs<AuthorizationPolicy>(resource).selector?.matchLabels ?? {})
    : undefined;
  const meshWide = resource.namespace === rootNamespaceOf(world);
  if (meshWide && !selector) return [];
  const candidates = meshWide ? meshPods : meshPods.filter(({ namespace }) => namespace === resource.namespace);
  if (candidates.some(({ labels }) => hasLabels(labels, selector))) return [];
  const what = selector ? `labels ${selectorText(selector)}` : `a proxy in namespace ${resource.namespace}`;
  const text = `No pod has ${what}: the policy protects nothing.`;
  const found = message('IST0127', resource, text, selector ? 'spec.selector.matchLabels' : '');
  return [missing(found, podNeed(selector, meshWide ? undefined : resource.namespace))];
}

function namespaceMatches(name: string, pattern: string): boolean {
  if (pattern === '*') return true;
  if (pattern.startsWith('*')) return name.endsWith(pattern.slice(1));
  if (pattern.endsWith('*')) return name.startsWith(pattern.slice(0, -1));
  return name.toLowerCase() === pattern.toLowerCase();
}

function checkNamespaces(world: World, resource: Resource): Message[] {
  return (specAs<AuthorizationPolicy>(resource).rules ?? []).flatMap((rule, i) =>
    (rule.from ?? []).flatMap(({ source }, j) =>
      (['namespaces', 'notNamespaces'] as const).flatMap((field) =>
        (source?.[field] ?? []).flatMap((pattern, k) => {
          if (world.find(KIND.namespace, { namespace: '', name: pattern })) return [];
          if (world.list(KIND.namespace).some(({ name }) => namespaceMatches(name, pattern))) return [];
          const path = `spec.rules[${i}].from[${j}].source.${field}[${k}]`;
          const found = message('IST0101', resource, `namespace not found: "${pattern}"`, path);
          return [missing(found, { kind: KIND.namespace, name: pattern })];
        }),
      ),
    ),
  );
}

/** Policies without workloads. */
export const authorizationPolicies: Analyzer = {
  name: 'auth.AuthorizationPoliciesAnalyzer',
  inputs: [KIND.meshConfig, KIND.authorizationPolicy, KIND.namespace, KIND.pod],
  analyze: (world) => {
    const meshPods = world.list(KIND.pod).filter((pod) => podInMesh(world, pod) || podInAmbient(pod));
    return world.list(KIND.authorizationPolicy).flatMap((resource) => checkWorkloads(world, resource, meshPods));
  },
};

/** Namespaces in rules of policies that do not exist. */
export const authorizationPolicyNamespaces: Analyzer = {
  name: 'auth.AuthorizationPoliciesAnalyzer',
  inputs: [KIND.authorizationPolicy, KIND.namespace],
  atAdmission: [KIND.authorizationPolicy],
  analyze: (world) => world.list(KIND.authorizationPolicy).flatMap((resource) => checkNamespaces(world, resource)),
};
