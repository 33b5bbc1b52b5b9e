import { durationNanos, parseDuration } from '../../../api/proto/duration.ts';
import { isJsonObject, type Json, type JsonObject } from '../../kube-object.ts';
import { parseGoRequestUrl } from '../rules/go-url.ts';

/** Whether a value keeps a rule. The schema of the field allows the value. */
export type Predicate = (self: Json) => boolean;

const SHORTEST_NANOS = 1_000_000n;
const PORT_NAME = /^[a-zA-Z0-9](?:[-a-zA-Z0-9]*[a-zA-Z0-9])?$/;
const UNIX = 'unix://';

/**
 * Every rule of Istio's definitions, by its text in CEL (checked to be all, and to say the same as CEL, by the test
 * beside this file). They are few and change with a minor, and CEL takes as long to load as all else that judges a
 * file. A rule that CEL cannot evaluate is not kept, as in the API server.
 */
const PREDICATES: Readonly<Record<string, Predicate>> = {
  "duration(self) >= duration('1ms')": text(isLongEnough),
  '0 < self && self <= 65535': isPort,
  'self != "*"': (self) => self !== '*',
  '!self.contains("*")': text((self) => !self.includes('*')),
  'self.size() == 0': (self) => self === '',
  'self in ["", "HTTP", "HTTPS"]': text((self) => ['', 'HTTP', 'HTTPS'].includes(self)),
  'self.startsWith("unix://") ? (self.substring(7, 8) == "/" || self.substring(7, 8) == "@") : true': text(
    (self) => !self.startsWith(UNIX) || ['/', '@'].includes(self.charAt(UNIX.length)),
  ),
  'self.startsWith("unix://") ? !self.endsWith("/") : true': text(
    (self) => !self.startsWith(UNIX) || !self.endsWith('/'),
  ),
  'url(self).getScheme() in ["http", "https"]': text((self) => hasScheme(self, ['http', 'https'])),
  [imageRule('"file", "oci"')]: text(isImage),
  [imageRule('"oci", "file"')]: text(isImage),

  'self.all(key, key.size() != 0)': keys((key) => key !== ''),
  'self.all(key, !key.contains("*"))': keys((key) => !key.includes('*')),
  'self.all(key, size(key) < 63 && key.matches("^[a-zA-Z0-9](?:[-a-zA-Z0-9]*[a-zA-Z0-9])?$"))': keys(
    (key) => key.length < 63 && PORT_NAME.test(key),
  ),
  'self.all(key, 0 < int(key) && int(key) <= 65535)': keys((key) => /^[+-]?\d+$/.test(key) && isPort(Number(key))),
  'self.all(l1, self.exists_one(l2, l1.number == l2.number))': haveNumbersOfTheirOwn,

  ...atMostOne('selector', 'targetRefs'),
  ...atMostOne('selector', 'targetRef', 'targetRefs'),
  ...atMostOne('workloadSelector', 'targetRefs'),
  ...atMostOne('workloadSelector', 'endpoints'),
  ...atMostOne('tlsCertificates', 'credentialNames'),
  ...atMostOne('credentialName', 'credentialNames'),
  ...atMostOne('credentialNames', 'tlsCertificates'),
  ...atMostOne('jwksUri', 'jwks_uri', 'jwks'),

  'has(self.wasm) != has(self.lua)': map((self) => has(self, 'wasm') !== has(self, 'lua')),
  'has(self.address) || has(self.network)': map((self) => has(self, 'address') || has(self, 'network')),
  '(has(self.address) ? self.address : "").startsWith("unix://") ? !has(self.ports) : true': map(
    ({ address = '', ...self }) => typeof address === 'string' && (!address.startsWith(UNIX) || !has(self, 'ports')),
  ),
  '(has(self.valueFrom) ? self.valueFrom : "") != "HOST" || !has(self.value)': map(
    (self) => self['valueFrom'] !== 'HOST' || !has(self, 'value'),
  ),
  'has(self.context) ? ((self.context == "WAYPOINT") ? has(self.waypoint) : !has(self.waypoint)) : !has(self.waypoint)':
    map((self) => (self['context'] === 'WAYPOINT') === has(self, 'waypoint')),
  '(has(self.serviceAccounts) || has(self.notServiceAccounts)) ? (!has(self.principals) && !has(self.notPrincipals) && !has(self.namespaces) && !has(self.notNamespaces)) : true':
    map((self) => !hasAny(self, ['serviceAccounts', 'notServiceAccounts']) || !hasAny(self, NAMES_OF_SOURCES)),
  'has(self.portLevelMtls) ? (((has(self.selector) && has(self.selector.matchLabels)) ? self.selector.matchLabels : {}).size() > 0) : true':
    map((self) => !has(self, 'portLevelMtls') || namesLabels(self['selector'])),

  '!((has(self.addresses) ? self.addresses : []).exists(k, k.contains("/")) && !((has(self.resolution) ? self.resolution : "NONE") in ["STATIC", "NONE"]))':
    map(
      ({ addresses, resolution = 'NONE' }) => resolution === 'STATIC' || resolution === 'NONE' || !hasRange(addresses),
    ),
  '((has(self.resolution) ? self.resolution : "NONE") == "NONE") ? !has(self.endpoints) : true': map(
    ({ resolution = 'NONE', ...self }) => resolution !== 'NONE' || !has(self, 'endpoints'),
  ),
  '((has(self.resolution) ? self.resolution : "") == "DNS_ROUND_ROBIN") ? ((has(self.endpoints) ? self.endpoints : []).size() <= 1) : true':
    map(({ resolution, endpoints = [] }) => resolution !== 'DNS_ROUND_ROBIN' || sizeOf(endpoints) <= 1),

  '((has(self.operation) ? self.operation : "") == "UPSERT") ? (self.value != "") : true': map(
    (self) => self['operation'] !== 'UPSERT' || (has(self, 'value') && self['value'] !== ''),
  ),
  '((has(self.operation) ? self.operation : "") == "REMOVE") ? !has(self.value) : true': map(
    (self) => self['operation'] !== 'REMOVE' || !has(self, 'value'),
  ),
};

const NAMES_OF_SOURCES = ['principals', 'notPrincipals', 'namespaces', 'notNamespaces'];

/** The rule that a text in CEL is. @throws Error for one that Istio's definitions do not have */
export function predicateOf(rule: string): Predicate {
  const predicate = PREDICATES[rule];
  if (!predicate) throw new Error(`a rule without a predicate: ${rule}`);
  return predicate;
}

function text(check: (self: string) => boolean): Predicate {
  return (self) => typeof self === 'string' && check(self);
}

function map(check: (self: JsonObject) => boolean): Predicate {
  return (self) => isJsonObject(self) && check(self);
}

function keys(check: (key: string) => boolean): Predicate {
  return map((self) => Object.keys(self).every((key) => !has(self, key) || check(key)));
}

function atMostOne(...fields: string[]): Record<string, Predicate> {
  const rule = `${fields.map((field) => `(has(self.${field}) ? 1 : 0)`).join(' + ')} <= 1`;
  return { [rule]: map((self) => fields.filter((field) => has(self, field)).length <= 1) };
}

function has(self: JsonObject, field: string): boolean {
  return self[field] !== undefined;
}

function hasAny(self: JsonObject, fields: readonly string[]): boolean {
  return fields.some((field) => has(self, field));
}

function isPort(self: Json): boolean {
  return typeof self === 'number' && self > 0 && self <= 65_535;
}

function isLongEnough(self: string): boolean {
  const duration = parseDuration(self);
  return duration !== undefined && durationNanos(duration) >= SHORTEST_NANOS;
}

function hasScheme(url: string, schemes: readonly string[]): boolean {
  const parsed = parseGoRequestUrl(url);
  return parsed !== undefined && schemes.includes(parsed.scheme);
}

/** Where a Wasm module is; without a scheme it is an image. */
function isImage(self: string): boolean {
  return hasScheme(parseGoRequestUrl(self) ? self : `http://${self}`, ['', 'http', 'https', 'file', 'oci']);
}

function imageRule(last: string): string {
  const schemes = `["", "http", "https", ${last}]`;
  const bare = `isURL("http://" + self) && url("http://" + self).getScheme() in ${schemes}`;
  return `isURL(self) ? (url(self).getScheme() in ${schemes}) : (${bare})`;
}

function haveNumbersOfTheirOwn(self: Json): boolean {
  const numbers = Array.isArray(self) ? self.map((item) => (isJsonObject(item) ? item['number'] : undefined)) : [];
  return !numbers.includes(undefined) && new Set(numbers).size === numbers.length;
}

function namesLabels(selector: Json | undefined): boolean {
  const labels = isJsonObject(selector) ? selector['matchLabels'] : undefined;
  return labels !== undefined && sizeOf(labels) > 0;
}

/** Of addresses. */
function hasRange(addresses: Json | undefined): boolean {
  return Array.isArray(addresses) && addresses.some((address) => typeof address === 'string' && address.includes('/'));
}

function sizeOf(value: Json): number {
  if (Array.isArray(value)) return value.length;
  return isJsonObject(value) ? Object.keys(value).length : Number.NaN;
}
