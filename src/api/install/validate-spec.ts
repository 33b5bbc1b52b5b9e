import { isPlainObject } from '../wrong-value.ts';
import { fieldPath, itemPath, shorten } from '../field-path.ts';
import type { Problem } from '../problem.ts';
import { validateHub, validateImageTag } from './image-name.ts';
import { isAddressRange } from './ip-range.ts';

/** What validation found beyond wrong types. */
export interface SpecFindings {
  problems: Problem[];
  warnings: Problem[];
}

type Tree = Record<string, unknown>;

const REVISION = /^[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?$/;
const OBJECT_NAME = /^[a-z0-9.-]{1,254}$/;
/** Ports below this one can be bound by root only. */
const FIRST_FREE_PORT = 1024;

const GATEWAY_LISTS = [
  { list: 'ingressGateways', values: 'istio-ingressgateway' },
  { list: 'egressGateways', values: 'istio-egressgateway' },
] as const;

/** Checks the meaning of a spec whose types are right. */
export function validateSpec(spec: Tree, path: string): SpecFindings {
  const findings: SpecFindings = { problems: [], warnings: [] };
  validateImage(findings, spec, path);
  validateRevision(findings, spec['revision'], fieldPath(path, 'revision'));
  const components = child(spec, 'components');
  const componentsPath = fieldPath(path, 'components');
  for (const name of ['pilot', 'cni', 'ztunnel', 'istiodRemote']) {
    validateImage(findings, child(components, name), fieldPath(componentsPath, name));
  }
  const values = child(spec, 'values');
  for (const { list, values: key } of GATEWAY_LISTS) {
    const settings = child(child(values, 'gateways'), key);
    const gateways = listOf(components[list]);
    gateways.forEach((gateway, i) => {
      validateGateway(findings, { gateway, settings, key }, itemPath(fieldPath(componentsPath, list), i));
    });
  }
  if (
    child(values, 'pilot')['autoscaleEnabled'] === true &&
    Number(child(child(components, 'pilot'), 'k8s')['replicaCount'] ?? 0) > 1
  ) {
    findings.warnings.push(fixedCount(`${componentsPath}.pilot.k8s.replicaCount`, 'values.pilot.autoscaleEnabled'));
  }
  collect(findings, validateValues(values, fieldPath(path, 'values')));
  return findings;
}

/** Checks the meaning of a values tree whose types are right. */
export function validateValues(values: Tree, path: string): SpecFindings {
  const findings: SpecFindings = { problems: [], warnings: [] };
  const proxy = child(child(values, 'global'), 'proxy');
  const proxyPath = `${path}.global.proxy`;
  for (const field of ['includeIPRanges', 'excludeIPRanges'])
    validateRanges(findings, proxy[field], `${proxyPath}.${field}`);
  for (const field of ['includeInboundPorts', 'excludeInboundPorts'])
    validatePorts(findings, proxy[field], `${proxyPath}.${field}`);
  validateIngressPorts(
    findings,
    child(child(values, 'gateways'), 'istio-ingressgateway'),
    `${path}.gateways.istio-ingressgateway`,
  );
  return findings;
}

function collect(into: SpecFindings, from: SpecFindings): void {
  for (const problem of from.problems) into.problems.push(problem);
  for (const warning of from.warnings) into.warnings.push(warning);
}

function validateImage(findings: SpecFindings, holder: Tree, path: string): void {
  const { hub, tag } = holder;
  const badHub = typeof hub === 'string' ? validateHub(hub) : undefined;
  if (badHub) findings.problems.push({ path: fieldPath(path, 'hub'), code: 'ImageInvalid', message: badHub });
  const badTag = typeof tag === 'string' || typeof tag === 'number' ? validateImageTag(tag) : undefined;
  if (badTag) findings.problems.push({ path: fieldPath(path, 'tag'), code: 'ImageInvalid', message: badTag });
}

/** Records a name of a control plane that cannot be a part of names and labels. */
export function validateRevision(findings: SpecFindings, revision: unknown, path: string): void {
  if (typeof revision !== 'string' || revision === '' || REVISION.test(revision)) return;
  const better = revision
    .toLowerCase()
    .replace(/[^a-z0-9-]+/g, '-')
    .replace(/^-+|-+$/g, '')
    .slice(0, 63);
  findings.problems.push({
    path,
    code: 'RevisionInvalid',
    message: `must be a DNS label (a-z, 0-9 and "-", at most 63 characters), got ${shorten(JSON.stringify(revision), 80)}`,
    ...(REVISION.test(better) ? { hint: `such as "${better}"` } : {}),
  });
}

interface GatewayContext {
  gateway: Tree;
  /** `values.gateways.istio-ingressgateway` or its egress twin. */
  settings: Tree;
  key: string;
}

function validateGateway(findings: SpecFindings, { gateway, settings, key }: GatewayContext, path: string): void {
  validateImage(findings, gateway, path);
  const name = gateway['name'];
  if (typeof name === 'string' && name !== '' && !OBJECT_NAME.test(name)) {
    findings.problems.push({
      path: `${path}.name`,
      code: 'NameInvalid',
      message: `must be a name of a-z, 0-9, "." and "-", at most 254 characters, got ${shorten(JSON.stringify(name), 80)}`,
    });
  }
  const k8s = child(gateway, 'k8s');
  if (settings['autoscaleEnabled'] === true && Number(k8s['replicaCount'] ?? 0) !== 0) {
    findings.warnings.push(fixedCount(`${path}.k8s.replicaCount`, `values.gateways.${key}.autoscaleEnabled`));
  }
  if (settings['runAsRoot'] === true) return;
  listOf(child(k8s, 'service')['ports']).forEach((port, i) => {
    validateLowPort(findings, { port, key }, itemPath(`${path}.k8s.service.ports`, i));
  });
}

function validateIngressPorts(findings: SpecFindings, settings: Tree, path: string): void {
  // Upstream checks this old list even where the gateway runs as root, and drops the ports afterwards.
  if (settings['runAsRoot'] === true) return;
  listOf(settings['ingressPorts']).forEach((port, i) => {
    if (typeof port['port'] === 'number')
      validateLowPort(findings, { port, key: 'istio-ingressgateway' }, itemPath(`${path}.ingressPorts`, i));
  });
}

function validateLowPort(findings: SpecFindings, { port, key }: { port: Tree; key: string }, path: string): void {
  const target = port['targetPort'] ?? 0;
  if (typeof target !== 'number') return;
  const number = Number(port['port'] ?? 0);
  if (target === 0 ? number > FIRST_FREE_PORT : target >= FIRST_FREE_PORT) return;
  findings.problems.push({
    path: `${path}.targetPort`,
    code: 'PortNeedsRoot',
    message: target === 0 ? `is missing, and port ${number} needs root` : `${target} needs root`,
    hint: `set a targetPort of ${FIRST_FREE_PORT} or more, or values.gateways.${key}.runAsRoot: true`,
  });
}

function validateRanges(findings: SpecFindings, ranges: unknown, path: string): void {
  if (typeof ranges !== 'string' || ranges === '' || ranges === '*') return;
  for (const range of ranges.split(',')) {
    if (isAddressRange(range)) continue;
    const hint =
      range.trim() !== range ? 'remove the spaces' : 'write ranges such as 10.0.0.0/8 with commas between, or only "*"';
    findings.problems.push({
      path,
      code: 'CidrInvalid',
      message: `is no address range: ${shorten(JSON.stringify(range), 60)}`,
      hint,
    });
  }
}

function validatePorts(findings: SpecFindings, ports: unknown, path: string): void {
  if (typeof ports !== 'string') return;
  for (const port of ports.split(',')) {
    if (port === '' || port === '*' || (/^\+?\d+$/.test(port) && Number(port) <= 65535)) continue;
    findings.problems.push({
      path,
      code: 'PortListInvalid',
      message: `is no port: ${shorten(JSON.stringify(port), 60)}`,
      hint: 'write numbers from 0 to 65535 with commas between, or "*"',
    });
  }
}

function fixedCount(path: string, autoscaler: string): Problem {
  return {
    path,
    code: 'SettingUnused',
    message: `should not be set while ${autoscaler} is true`,
    hint: 'the autoscaler decides on the number',
  };
}

function child(tree: Tree, key: string): Tree {
  const value = tree[key];
  return isPlainObject(value) ? value : {};
}

function listOf(value: unknown): Tree[] {
  return Array.isArray(value) ? value.map((item) => (isPlainObject(item) ? item : {})) : [];
}
