import type { Condition } from '../../../api/security/authorization-policy.ts';
import type { Fault, Findings } from '../findings.ts';
import {
  findEmptyValueFault,
  findIpBlockFault,
  findPortTextFault,
  findServiceAccountCountFault,
  findServiceAccountFault,
  findWildcardTextFault,
} from './principal-rules.ts';

type ValueRule = (value: string) => Fault | undefined;

/** Attributes that are matched as they are, with the rule for their values. */
const ATTRIBUTES: ReadonlyMap<string, ValueRule> = new Map([
  ['source.ip', findIpBlockFault],
  ['remote.ip', findIpBlockFault],
  ['source.namespace', findEmptyValueFault],
  ['source.serviceAccount', findServiceAccountFault],
  ['source.principal', findEmptyValueFault],
  ['source.trustDomain', findWildcardTextFault],
  ['request.auth.principal', findEmptyValueFault],
  ['request.auth.audiences', findEmptyValueFault],
  ['request.auth.presenter', findEmptyValueFault],
  ['destination.ip', findIpBlockFault],
  ['destination.port', findPortTextFault],
  ['connection.sni', findEmptyValueFault],
]);
/** Attributes that have a name in brackets. */
const KEYED = ['request.headers', 'request.auth.claims', 'experimental.envoy.filters.'];
/** Attributes that Istio once had, with what takes their place. */
const WITHDRAWN: readonly (readonly [string, string])[] = [
  ['destination.namespace', 'the namespace of the policy'],
  ['destination.labels', 'the selector of the policy'],
  ['destination.name', 'the selector of the policy'],
  ['destination.user', 'the selector of the policy'],
];

/** Records what is wrong with a condition of a rule. */
export function checkCondition(condition: Condition, path: string, findings: Findings): void {
  const { key = '', values = [], notValues = [] } = condition;
  if (key === '')
    findings.error(`${path}.key`, 'ConditionKeyMissing', 'must name an attribute, such as request.headers[x-user]');
  else if (values.length === 0 && notValues.length === 0) {
    findings.error(path, 'ConditionEmpty', 'needs values or notValues');
  } else if (findings.check(`${path}.key`, findKeyFault(key))) {
    checkValues(key, values, `${path}.values`, findings);
    checkValues(key, notValues, `${path}.notValues`, findings);
  }
}

function findKeyFault(key: string): Fault | undefined {
  if (ATTRIBUTES.has(key)) return undefined;
  if (KEYED.some((prefix) => key.startsWith(prefix))) return findBracketFault(key);
  const withdrawn = WITHDRAWN.find(([name]) => key === name || (name.endsWith('labels') && key.startsWith(name)));
  const cause = withdrawn ? `is no longer an attribute: use ${withdrawn[1]}` : 'is not an attribute that policies know';
  return { code: 'ConditionKeyUnknown', message: `${JSON.stringify(key)} ${cause}` };
}

function findBracketFault(key: string): Fault | undefined {
  const open = key.indexOf('[');
  if (key.endsWith(']') && open > 0 && open < key.length - 2) return undefined;
  const message = `${JSON.stringify(key)} needs a name in brackets, such as request.headers[x-user]`;
  return { code: 'ConditionKeyInvalid', message };
}

function checkValues(key: string, values: readonly string[], path: string, findings: Findings): void {
  if (key === 'source.serviceAccount') findings.check(path, findServiceAccountCountFault(values));
  const findFault = ATTRIBUTES.get(key) ?? findEmptyValueFault;
  values.forEach((value, i) => findings.check(`${path}[${i}]`, findEmptyValueFault(value) ?? findFault(value)));
}
