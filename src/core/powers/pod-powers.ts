import { isJsonObject, type Json, type JsonObject, type KubeObject } from '../kube-object.ts';
import { canonicalJson } from '../canonical-json.ts';

/** One setting by which an object gives rights to somebody, or sends to somebody what only the API server sees. */
export interface Power {
  /** Field path, such as `spec.template.spec.hostNetwork`. */
  field: string;
  /** Canonical JSON of what stands there. */
  value: string;
}

const TEMPLATE = 'spec.template.spec';
/** Where a workload names the account of its pods. */
export const ACCOUNT_FIELD = `${TEMPLATE}.serviceAccountName`;
const APP_ARMOR = 'container.apparmor.security.beta.kubernetes.io/';

/** Capabilities that the Baseline level of the Pod Security Standards lets anybody add. */
const HARMLESS_CAPABILITIES: ReadonlySet<Json> = new Set([
  'AUDIT_WRITE',
  'CHOWN',
  'DAC_OVERRIDE',
  'FOWNER',
  'FSETID',
  'KILL',
  'MKNOD',
  'NET_BIND_SERVICE',
  'SETFCAP',
  'SETGID',
  'SETPCAP',
  'SETUID',
  'SYS_CHROOT',
]);

/** Kernel parameters that the same level lets anybody set. */
const HARMLESS_SYSCTLS: ReadonlySet<Json | undefined> = new Set([
  'kernel.shm_rmid_forced',
  'net.ipv4.ip_local_port_range',
  'net.ipv4.ip_local_reserved_ports',
  'net.ipv4.ip_unprivileged_port_start',
  'net.ipv4.ping_group_range',
  'net.ipv4.tcp_fin_timeout',
  'net.ipv4.tcp_keepalive_intvl',
  'net.ipv4.tcp_keepalive_probes',
  'net.ipv4.tcp_keepalive_time',
  'net.ipv4.tcp_syncookies',
]);

/** The account that the pods of a workload name. */
export function accountNameOf(workload: KubeObject): Json | undefined {
  return at(at(at(workload as JsonObject, 'spec'), 'template'), 'spec')['serviceAccountName'];
}

/**
 * What the pods of a workload hold beside their own files: the ServiceAccount, and all that the Baseline level of the
 * Pod Security Standards forbids (host namespaces, ports and paths, privileged containers, capabilities, kernel
 * parameters, lifted confinement).
 */
export function computePodPowers(object: KubeObject): Power[] {
  const template = at(at(object as JsonObject, 'spec'), 'template');
  const pod = at(template, 'spec');
  return [
    ...['serviceAccountName', 'serviceAccount', 'hostNetwork', 'hostPID', 'hostIPC'].flatMap((name) =>
      power(`${TEMPLATE}.${name}`, pod[name]),
    ),
    ...securityPowers(`${TEMPLATE}.securityContext`, at(pod, 'securityContext')),
    ...list(pod, 'volumes').flatMap((volume) =>
      power(`${TEMPLATE}.volumes[name:${nameOf(volume)}].hostPath`, volume['hostPath']),
    ),
    ...['containers', 'initContainers'].flatMap((field) =>
      list(pod, field).flatMap((each) => containerPowers(field, each)),
    ),
    ...Object.entries(at(at(template, 'metadata'), 'annotations'))
      .filter(([name, value]) => name.startsWith(APP_ARMOR) && value === 'unconfined')
      .flatMap(([name, value]) => power(`spec.template.metadata.annotations.${name}`, value)),
  ];
}

function containerPowers(field: string, container: JsonObject): Power[] {
  const path = `${TEMPLATE}.${field}[name:${nameOf(container)}]`;
  const context = at(container, 'securityContext');
  const added = at(context, 'capabilities')['add'];
  const capabilities = Array.isArray(added) ? added.filter((each) => !HARMLESS_CAPABILITIES.has(each)) : [];
  return [
    ...power(`${path}.securityContext.privileged`, context['privileged']),
    ...(context['procMount'] === 'Default' ? [] : power(`${path}.securityContext.procMount`, context['procMount'])),
    ...capabilities.flatMap((each) => power(`${path}.securityContext.capabilities.add`, each)),
    ...securityPowers(`${path}.securityContext`, context),
    ...list(container, 'ports').flatMap(({ hostPort }) => power(`${path}.ports.hostPort`, hostPort)),
  ];
}

/** What a pod's and a container's security context have in common. */
function securityPowers(path: string, context: JsonObject): Power[] {
  const unconfined = ['seccompProfile', 'appArmorProfile'].filter((name) => at(context, name)['type'] === 'Unconfined');
  return [
    ...unconfined.flatMap((name) => power(`${path}.${name}`, context[name])),
    ...power(`${path}.seLinuxOptions`, context['seLinuxOptions']),
    ...power(
      `${path}.sysctls`,
      list(context, 'sysctls').filter(({ name }) => !HARMLESS_SYSCTLS.has(name)),
    ),
    ...power(`${path}.windowsOptions.hostProcess`, at(context, 'windowsOptions')['hostProcess']),
  ];
}

/** False, zero, empty lists and texts give nothing. */
function power(field: string, value: Json | undefined): Power[] {
  const isNothing = !value || (Array.isArray(value) && value.length === 0);
  return isNothing ? [] : [{ field, value: canonicalJson(value) }];
}

/** An element's name as field paths have it. */
export function nameOf({ name }: JsonObject): string {
  return typeof name === 'string' ? name : '';
}

function at(node: JsonObject, field: string): JsonObject {
  const value = node[field];
  return isJsonObject(value) ? value : {};
}

function list(node: JsonObject, field: string): JsonObject[] {
  const value = node[field];
  return Array.isArray(value) ? value.filter(isJsonObject) : [];
}
