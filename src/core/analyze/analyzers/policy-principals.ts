import type { AuthorizationPolicy } from '../../../api/security/authorization-policy.ts';
import type { Analyzer } from '../analyzer.ts';
import { KIND } from '../kinds.ts';
import type { PodSpecView } from '../kubernetes-views.ts';
import { message, type Message } from '../messages.ts';
import { specAs, type Resource } from '../resource.ts';
import type { World } from '../world.ts';

const PRINCIPAL = /^[^/]+\/ns\/([^/*]+)\/sa\/([^/*]+)$/;

/** Service accounts that exist or that pods run as, by `namespace/name`. */
function serviceAccounts(world: World): Set<string> {
  return new Set([
    ...world.list(KIND.serviceAccount).map(({ namespace, name }) => `${namespace}/${name}`),
    ...world
      .list(KIND.pod)
      .map((pod) => `${pod.namespace}/${specAs<PodSpecView>(pod).serviceAccountName ?? 'default'}`),
  ]);
}

function checkPrincipals(resource: Resource, known: ReadonlySet<string>, namespaces: ReadonlySet<string>): Message[] {
  return (specAs<AuthorizationPolicy>(resource).rules ?? []).flatMap((rule, i) =>
    (rule.from ?? []).flatMap(({ source }, j) =>
      (['principals', 'notPrincipals'] as const).flatMap((field) =>
        (source?.[field] ?? []).flatMap((principal, k) => {
          const [, namespace = '', account = ''] = PRINCIPAL.exec(principal) ?? [];
          // Only where the namespace is known can a missing account be told from one in another cluster.
          if (!namespaces.has(namespace) || known.has(`${namespace}/${account}`)) return [];
          const path = `spec.rules[${i}].from[${j}].source.${field}[${k}]`;
          const text = `No ServiceAccount ${account} is in namespace ${namespace}: nothing has principal ${principal}.`;
          return [message('SWT0004', resource, text, path)];
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

/** Principals that do not exist, and policies that deny everything without saying so. */
export const policyPrincipals: Analyzer = {
  name: 'sailwright.AuthorizationPolicyAnalyzer',
  inputs: [KIND.authorizationPolicy, KIND.serviceAccount, KIND.pod, KIND.namespace],
  analyze: (world) => {
    const known = serviceAccounts(world);
    const namespaces = new Set([...known].map((name) => name.slice(0, name.indexOf('/'))));
    return world
      .list(KIND.authorizationPolicy)
      .flatMap((resource) => [...checkPrincipals(resource, known, namespaces), ...checkEmpty(resource)]);
  },
};
