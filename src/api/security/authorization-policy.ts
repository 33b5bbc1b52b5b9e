import type { z } from 'zod';
import { atMostOneOf } from '../proto/cel-rules.ts';
import { enumeration, field, limited, list, message, string } from '../proto/message-schema.ts';
import { policyTargetReference } from '../type/policy-target-reference.ts';
import { workloadSelector } from '../type/workload-selector.ts';

export const source = message(
  'Source',
  () => ({
    principals: list(string),
    notPrincipals: list(string),
    requestPrincipals: list(string),
    notRequestPrincipals: list(string),
    namespaces: list(string),
    notNamespaces: list(string),
    serviceAccounts: field(list(limited(string, { maxLength: 320 })), '', { maxItems: 16 }),
    notServiceAccounts: field(list(limited(string, { maxLength: 320 })), '', { maxItems: 16 }),
    ipBlocks: list(string),
    notIpBlocks: list(string),
    remoteIpBlocks: list(string),
    notRemoteIpBlocks: list(string),
    trustDomains: list(string),
    notTrustDomains: list(string),
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

export const operation = message('Operation', () => ({
  hosts: list(string),
  notHosts: list(string),
  ports: list(string),
  notPorts: list(string),
  methods: list(string),
  notMethods: list(string),
  paths: list(string),
  notPaths: list(string),
}));
export type Operation = z.infer<typeof operation>;

export const condition = message(
  'Condition',
  () => ({
    key: string,
    values: list(string),
    notValues: list(string),
  }),
  { required: ['key'] },
);
export type Condition = z.infer<typeof condition>;

export const ruleFrom = message('RuleFrom', () => ({
  source: source,
}));
export type RuleFrom = z.infer<typeof ruleFrom>;

export const ruleTo = message('RuleTo', () => ({
  operation: operation,
}));
export type RuleTo = z.infer<typeof ruleTo>;

export const rule = message('Rule', () => ({
  from: field(list(ruleFrom), '', { maxItems: 512 }),
  to: list(ruleTo),
  when: list(condition),
}));
export type Rule = z.infer<typeof rule>;

export const extensionProvider = message('ExtensionProvider', () => ({
  name: string,
}));
export type ExtensionProvider = z.infer<typeof extensionProvider>;

export const authorizationAction = enumeration(['ALLOW', 'DENY', 'AUDIT', 'CUSTOM']);

export const authorizationPolicy = message(
  'AuthorizationPolicy',
  () => ({
    selector: workloadSelector,
    targetRef: field(policyTargetReference, '', {}, { protoName: 'targetRef' }),
    targetRefs: field(list(policyTargetReference), '', { maxItems: 16 }, { protoName: 'targetRefs' }),
    rules: field(list(rule), '', { maxItems: 512 }),
    action: authorizationAction,
    provider: extensionProvider,
  }),
  { oneOfs: [['provider']], rules: [atMostOneOf('selector', 'targetRef', 'targetRefs')] },
);
export type AuthorizationPolicy = z.infer<typeof authorizationPolicy>;
