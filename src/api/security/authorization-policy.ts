import type { z } from 'zod';
import { atMostOneOf } from '../proto/cel-rules.ts';
import { enumeration, field, limited, list, message, string } from '../proto/message-schema.ts';
import { policyTargetReference } from '../type/policy-target-reference.ts';
import { workloadSelector } from '../type/workload-selector.ts';

/** Conditions on the caller; all of them must hold. Each takes a prefix or suffix with *. */
export const source = message(
  'Source',
  () => ({
    principals: field(list(string), 'Identities, such as cluster.local/ns/default/sa/web; needs mutual TLS.'),
    notPrincipals: field(list(string), 'Identities that are excluded.'),
    requestPrincipals: field(list(string), 'Identities of the token, as issuer/subject.'),
    notRequestPrincipals: field(list(string), 'Identities of the token that are excluded.'),
    namespaces: field(list(string), 'Namespaces; needs mutual TLS.'),
    notNamespaces: field(list(string), 'Namespaces that are excluded.'),
    serviceAccounts: field(
      list(limited(string, { maxLength: 320 })),
      'Service accounts, as name or namespace/name; needs mutual TLS.',
      { maxItems: 16 },
    ),
    notServiceAccounts: field(list(limited(string, { maxLength: 320 })), 'Service accounts that are excluded.', {
      maxItems: 16,
    }),
    ipBlocks: field(list(string), 'Addresses or ranges from which the connection comes.'),
    notIpBlocks: field(list(string), 'Addresses or ranges that are excluded.'),
    remoteIpBlocks: field(
      list(string),
      'Addresses or ranges of the first caller, from X-Forwarded-For or the proxy protocol.',
    ),
    notRemoteIpBlocks: field(list(string), 'Addresses or ranges of the first caller that are excluded.'),
    trustDomains: field(list(string), 'Trust domains of the caller.'),
    notTrustDomains: field(list(string), 'Trust domains that are excluded.'),
  }),
  {
    rules: [
      {
        rule: '(has(self.serviceAccounts) || has(self.notServiceAccounts)) ? (!has(self.principals) && !has(self.notPrincipals) && !has(self.namespaces) && !has(self.notNamespaces)) : true',
        message: 'service accounts cannot be combined with principals or namespaces',
      },
    ],
  },
);
export type Source = z.infer<typeof source>;

/** Conditions on the request; all of them must hold. Each takes a prefix or suffix with *. */
export const operation = message('Operation', () => ({
  hosts: field(list(string), 'Hosts of the request, without regard to case.'),
  notHosts: field(list(string), 'Hosts that are excluded.'),
  ports: field(list(string), 'Ports at which the request comes in.'),
  notPorts: field(list(string), 'Ports that are excluded.'),
  methods: field(list(string), 'HTTP methods; for gRPC always POST.'),
  notMethods: field(list(string), 'HTTP methods that are excluded.'),
  paths: field(list(string), 'Paths; {*} stands for one segment, {**} for any number.'),
  notPaths: field(list(string), 'Paths that are excluded.'),
}));
export type Operation = z.infer<typeof operation>;

/** A further condition. */
export const condition = message(
  'Condition',
  () => ({
    key: field(string, 'Attribute, such as request.headers[x-user] or source.namespace.'),
    values: field(list(string), 'Values of which one must match.'),
    notValues: field(list(string), 'Values of which none may match.'),
  }),
  { required: ['key'] },
);
export type Condition = z.infer<typeof condition>;

/** A caller. */
export const ruleFrom = message('RuleFrom', () => ({
  source: field(source, 'Conditions on the caller.'),
}));
export type RuleFrom = z.infer<typeof ruleFrom>;

/** A request. */
export const ruleTo = message('RuleTo', () => ({
  operation: field(operation, 'Conditions on the request.'),
}));
export type RuleTo = z.infer<typeof ruleTo>;

/** Matches when from, to and when all match; what is left out always does. */
export const rule = message('Rule', () => ({
  from: field(list(ruleFrom), 'Callers of which one must match.', { maxItems: 512 }),
  to: field(list(ruleTo), 'Requests of which one must match.'),
  when: field(list(condition), 'Further conditions; all of them must hold.'),
}));
export type Rule = z.infer<typeof rule>;

/** An external authorizer. */
export const extensionProvider = message('ExtensionProvider', () => ({
  name: field(string, 'Name of the provider in the mesh configuration.'),
}));
export type ExtensionProvider = z.infer<typeof extensionProvider>;

export const authorizationAction = enumeration(['ALLOW', 'DENY', 'AUDIT', 'CUSTOM']);

/** Who may call which workloads, and how. */
export const authorizationPolicy = message(
  'AuthorizationPolicy',
  () => ({
    selector: field(
      workloadSelector,
      'Pods that this is for; all of the namespace when left out, and of the mesh in the root namespace.',
    ),
    targetRef: field(policyTargetReference, 'Use targetRefs.', {}, { protoName: 'targetRef' }),
    targetRefs: field(
      list(policyTargetReference),
      'Gateways or services that this is for, in place of a selector.',
      { maxItems: 16 },
      { protoName: 'targetRefs' },
    ),
    rules: field(
      list(rule),
      'Rules of which one must match. Without rules nothing matches, and with ALLOW every request is then refused.',
      { maxItems: 512 },
    ),
    action: field(
      authorizationAction,
      'What is done with requests that match. DENY and CUSTOM are looked at before ALLOW.',
    ),
    provider: field(extensionProvider, 'Authorizer that is asked, for CUSTOM.'),
  }),
  { oneOfs: [['provider']], rules: [atMostOneOf('selector', 'targetRef', 'targetRefs')] },
);
export type AuthorizationPolicy = z.infer<typeof authorizationPolicy>;
