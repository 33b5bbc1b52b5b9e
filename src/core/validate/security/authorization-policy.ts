import type {
  AuthorizationPolicy,
  Operation,
  Rule,
  RuleFrom,
  RuleTo,
  Source,
} from '../../../api/security/authorization-policy.ts';
import type { Finding, Subject } from '../finding.ts';
import { Findings, type Fault } from '../findings.ts';
import { checkTargetRefs } from '../rules/target-ref.ts';
import { checkTypeSelector } from '../rules/workload-selector.ts';
import { checkCondition } from './condition.ts';
import { checkCustomRule } from './custom-action.ts';
import { findPathTemplateFault } from './path-template.ts';
import {
  findEmptyValueFault,
  findIpBlockFault,
  findPortTextFault,
  findServiceAccountCountFault,
  findServiceAccountFault,
  findTrustDomainPatternFault,
} from './principal-rules.ts';

type ValueRule = (value: string) => Fault | undefined;

const SOURCE_RULES: Readonly<Record<keyof Source, ValueRule>> = {
  principals: findEmptyValueFault,
  notPrincipals: findEmptyValueFault,
  requestPrincipals: findEmptyValueFault,
  notRequestPrincipals: findEmptyValueFault,
  namespaces: findEmptyValueFault,
  notNamespaces: findEmptyValueFault,
  serviceAccounts: findServiceAccountFault,
  notServiceAccounts: findServiceAccountFault,
  ipBlocks: findIpBlockFault,
  notIpBlocks: findIpBlockFault,
  remoteIpBlocks: findIpBlockFault,
  notRemoteIpBlocks: findIpBlockFault,
  trustDomains: findTrustDomainPatternFault,
  notTrustDomains: findTrustDomainPatternFault,
};
const OPERATION_RULES: Readonly<Record<keyof Operation, ValueRule>> = {
  hosts: findEmptyValueFault,
  notHosts: findEmptyValueFault,
  ports: findPortTextFault,
  notPorts: findPortTextFault,
  methods: findEmptyValueFault,
  notMethods: findEmptyValueFault,
  paths: findPathTemplateFault,
  notPaths: findPathTemplateFault,
};
/** What of a caller is known before a request is read; trust domains count as HTTP, as in Istio. */
const TCP_SOURCES: readonly (keyof Source)[] = [
  'principals',
  'notPrincipals',
  'namespaces',
  'notNamespaces',
  'serviceAccounts',
  'notServiceAccounts',
  'ipBlocks',
  'notIpBlocks',
  'remoteIpBlocks',
  'notRemoteIpBlocks',
];

/** Who may call which workloads, and how. */
export function validateAuthorizationPolicy({ spec }: Subject<AuthorizationPolicy>): Finding[] {
  const findings = new Findings();
  checkTargetRefs(spec, 'spec', findings);
  checkTypeSelector(spec.selector, 'spec.selector', findings);
  checkAction(spec, findings);
  spec.rules?.forEach((rule, i) => {
    const path = `spec.rules[${i}]`;
    if (spec.action === 'CUSTOM') checkCustomRule(rule, path, findings);
    checkRule(rule, path, findings);
    if (spec.action === 'DENY' && deniesByHttpOnly(rule)) {
      const message =
        'denies all traffic to TCP ports, where nothing is known of HTTP: name the ports in to.operation.ports';
      findings.warn(path, 'DenyWithHttpOnly', message);
    }
  });
  return findings.list;
}

/** Policies that rarely mean what they say. */
export function adviseAuthorizationPolicy({ spec }: Subject<AuthorizationPolicy>): Finding[] {
  const advice = new Findings();
  const { action = 'ALLOW', rules = [] } = spec;
  if (action !== 'ALLOW') return advice.list;
  if (rules.length === 0) {
    const message =
      'allows nothing: ALLOW without rules denies every request; add a rule, or an empty one ({}) to allow all';
    advice.warn('spec.rules', 'AllowsNothing', message);
  }
  rules.forEach(({ from = [], to = [], when = [] }, i) => {
    if (from.length + to.length + when.length > 0) return;
    const message = 'is empty and allows every request; no other ALLOW policy can narrow this';
    advice.warn(`spec.rules[${i}]`, 'AllowsEverything', message);
  });
  return advice.list;
}

function checkAction({ action = 'ALLOW', rules, provider }: AuthorizationPolicy, findings: Findings): void {
  if ((action === 'CUSTOM' || action === 'DENY') && rules === undefined) {
    const message = `${action} without rules never applies: add a rule, or an empty one ({}) for every request`;
    findings.error('spec.rules', 'RulesMissing', message);
  } else if (action === 'CUSTOM' && (provider?.name ?? '') === '') {
    findings.error('spec.provider.name', 'ProviderMissing', 'must name an extension provider of the mesh for CUSTOM');
  }
  if (provider && action !== 'CUSTOM') {
    findings.error('spec.provider', 'ProviderUnused', `only CUSTOM asks a provider, and the action is ${action}`);
  }
}

function checkRule({ from, to, when }: Rule, path: string, findings: Findings): void {
  from?.forEach(({ source }: RuleFrom, i) => checkSource(source, `${path}.from[${i}].source`, findings));
  to?.forEach(({ operation }: RuleTo, i) => checkOperation(operation, `${path}.to[${i}].operation`, findings));
  when?.forEach((condition, i) => checkCondition(condition, `${path}.when[${i}]`, findings));
}

function checkSource(source: Source | undefined, path: string, findings: Findings): void {
  if (!source || !hasAny(source)) {
    findings.error(path, 'SourceEmpty', 'must say something of the caller, or leave out from');
    return;
  }
  const hasAccounts = source.serviceAccounts ?? source.notServiceAccounts;
  const hasOthers = source.principals ?? source.notPrincipals ?? source.namespaces ?? source.notNamespaces;
  if (hasAccounts && hasOthers) {
    const message = 'serviceAccounts exclude principals and namespaces: keep one of them';
    findings.error(path, 'ServiceAccountsConflict', message);
  }
  for (const field of ['serviceAccounts', 'notServiceAccounts'] as const) {
    findings.check(`${path}.${field}`, findServiceAccountCountFault(source[field] ?? []));
  }
  checkLists(source, SOURCE_RULES, path, findings);
}

function checkOperation(operation: Operation | undefined, path: string, findings: Findings): void {
  if (!operation || !hasAny(operation)) {
    findings.error(path, 'OperationEmpty', 'must say something of the request, or leave out to');
    return;
  }
  checkLists(operation, OPERATION_RULES, path, findings);
}

function checkLists(
  lists: Readonly<Record<string, string[] | undefined>>,
  rules: Readonly<Record<string, ValueRule>>,
  path: string,
  findings: Findings,
): void {
  for (const [field, findFault] of Object.entries(rules)) {
    lists[field]?.forEach((value, i) => {
      findings.check(`${path}.${field}[${i}]`, findEmptyValueFault(value) ?? findFault(value));
    });
  }
}

function hasAny(lists: Partial<Record<string, string[]>>): boolean {
  return Object.values(lists).some((list) => list !== undefined && list.length > 0);
}

/** Whether all that a rule looks at is unknown for plain TCP, so that there it always denies. */
function deniesByHttpOnly({ from = [], to = [] }: Rule): boolean {
  const sources = from.flatMap(({ source }) => (source ? [source] : []));
  const operations = to.flatMap(({ operation }) => (operation ? [operation] : []));
  const hasTcpSource = sources.some((source) => TCP_SOURCES.some((field) => source[field] !== undefined));
  const hasPorts = operations.some(({ ports, notPorts }) => ports !== undefined || notPorts !== undefined);
  if (operations.length > 0) return !hasPorts;
  return sources.length > 0 && !hasTcpSource;
}
