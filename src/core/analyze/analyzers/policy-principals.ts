import type { AuthorizationPolicy } from '../../../api/security/authorization-policy.ts';
import type { Analyzer } from '../analyzer.ts';
import { KIND } from '../kinds.ts';
import type { PodSpecView } from '../kubernetes-views.ts';
import { message, missing, type Message } from '../messages.ts';
import { specAs, type Resource } from '../resource.ts';
import type { World } from '../world.ts';

const PRINCIPAL = /^[^/]+\/ns\/([^/*]+)\/sa\/([^/*]+)$/;

/** Whether a service account exists or a pod runs as it. */
function hasServiceAccount(world: World, namespace: string, name: string): boolean {
  // Every namespace has one of this name.
  if (name === 'default' || world.find(KIND.serviceAccount, { namespace, name })) return true;
  const pods = world.listIn(KIND.pod, namespace);
  return pods.some((pod) => (specAs<PodSpecView>(pod).serviceAccountName ?? 'default') === name);
}

/** Only where the namespace is known can a missing account be told from one in another cluster. */
function isKnownNamespace(world: World, namespace: string): boolean {
  return world.listIn(KIND.serviceAccount, namespace).length + world.listIn(KIND.pod, namespace).length > 0;
}

function checkPrincipals(world: World, resource: Resource): Message[] {
  return (specAs<AuthorizationPolicy>(resource).rules ?? []).flatMap((rule, i) =>
    (rule.from ?? []).flatMap(({ source }, j) =>
      (['principals', 'notPrincipals'] as const).flatMap((field) =>
        (source?.[field] ?? []).flatMap((principal, k) => {
          const [, namespace = '', account = ''] = PRINCIPAL.exec(principal) ?? [];
          if (!isKnownNamespace(world, namespace) || hasServiceAccount(world, namespace, account)) return [];
          const path = `spec.rules[${i}].from[${j}].source.${field}[${k}]`;
          const text = `No ServiceAccount ${account} is in namespace ${namespace}: nothing has principal ${principal}.`;
          return [
            missing(message('SWT0004', resource, text, path), { kind: KIND.serviceAccount, name: account, namespace }),
          ];
        }),
      ),
    ),
  );
}

function checkEmpty(resource: Resource): Message[] {
  const { action = 'ALLOW', rules } = specAs<AuthorizationPolicy>(resource);
  if (action !== 'ALLOW' || rules) return [];
  const text =
    'An ALLOW policy without rules allows nothing: every request to its workloads is denied, unless another policy allows it. To allow everything write rules: [{}].';
  return [message('SWT0005', resource, text, 'spec.rules')];
}

/** Principals that do not exist. */
export const policyPrincipals: Analyzer = {
  name: 'sailwright.PolicyPrincipalAnalyzer',
  inputs: [KIND.authorizationPolicy, KIND.serviceAccount, KIND.pod],
  atAdmission: [KIND.authorizationPolicy],
  analyze: (world) => world.list(KIND.authorizationPolicy).flatMap((resource) => checkPrincipals(world, resource)),
};

/** Policies that deny everything without saying so. */
export const emptyPolicies: Analyzer = {
  name: 'sailwright.EmptyPolicyAnalyzer',
  inputs: [KIND.authorizationPolicy],
  analyze: (world) => world.list(KIND.authorizationPolicy).flatMap(checkEmpty),
};
