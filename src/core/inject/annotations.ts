import { isAddressRange } from '../../api/install/ip-range.ts';
import { isQuantity } from '../../api/kubernetes/quantity.ts';
import { PROXY_CONFIG_ANNOTATION, parsedAnnotation, DEFAULT_PROXY_CONFIG } from './proxy-config.ts';
import { RecentTexts } from '../recent-texts.ts';
import { Findings } from '../validate/findings.ts';
import { checkMeshProxyConfig } from '../validate/mesh/proxy-config.ts';
import { InjectionError } from './template-context.ts';

/** What is wrong with a value; undefined when it is right. */
type Check = (value: string) => string | undefined;

const UINT16_MAX = 65_535;
const UINT32_MAX = 4_294_967_295;
const INTERFACE = /^[a-zA-Z][a-zA-Z0-9_.-]*$/;
const INTERFACE_LENGTH = 15;
const BOOLEANS = new Set(['1', 't', 'T', 'true', 'TRUE', 'True', '0', 'f', 'F', 'false', 'FALSE', 'False']);

/** The annotations that are checked before a pod is injected. */
const CHECKS = new Map<string, Check>(
  Object.entries<Check>({
    'sidecar.istio.io/interceptionMode': checkInterceptionMode,
    'status.sidecar.istio.io/port': (value) => checkPort(value),
    'readiness.status.sidecar.istio.io/initialDelaySeconds': checkUint32,
    'readiness.status.sidecar.istio.io/periodSeconds': checkUint32,
    'readiness.status.sidecar.istio.io/failureThreshold': checkUint32,
    'traffic.sidecar.istio.io/includeOutboundIPRanges': (value) => (value === '*' ? undefined : checkCidrs(value)),
    'traffic.sidecar.istio.io/excludeOutboundIPRanges': checkCidrs,
    'traffic.sidecar.istio.io/includeInboundPorts': (value) => (value === '*' ? undefined : checkPorts(value)),
    'traffic.sidecar.istio.io/excludeInboundPorts': checkPorts,
    'traffic.sidecar.istio.io/excludeOutboundPorts': checkPorts,
    'traffic.sidecar.istio.io/excludeInterfaces': checkInterfaces,
    'traffic.sidecar.istio.io/kubevirtInterfaces': checkInterfaces,
    'istio.io/reroute-virtual-interfaces': checkInterfaces,
    'prometheus.istio.io/merge-metrics': (value) => (BOOLEANS.has(value) ? undefined : 'must be true or false'),
    [PROXY_CONFIG_ANNOTATION]: checkProxyConfig,
    'sidecar.istio.io/proxyCPU': checkQuantity,
    'sidecar.istio.io/proxyMemory': checkQuantity,
    'sidecar.istio.io/proxyCPULimit': checkQuantity,
    'sidecar.istio.io/proxyMemoryLimit': checkQuantity,
  }),
);

/**
 * Checks the annotations that configure the sidecar.
 * @throws InjectionError that lists every bad annotation with its value and cause.
 */
export function validateAnnotations(annotations: Readonly<Record<string, string>>): void {
  const faults: string[] = [];
  for (const name in annotations) {
    const fault = annotationFault(name, annotations[name] ?? '');
    if (fault !== undefined) faults.push(fault);
  }
  if (faults.length > 0) throw new InjectionError(faults.join('; '));
}

/** What is wrong with one annotation's value, naming both; undefined when it is right or not checked. */
export function annotationFault(name: string, value: string): string | undefined {
  const fault = CHECKS.get(name)?.(value);
  return fault === undefined ? undefined : `annotation ${name} has the value ${JSON.stringify(value)}: ${fault}`;
}

/** Go's ParseBool. */
export function parseBool(value: string): boolean | undefined {
  return BOOLEANS.has(value) ? /^[1tT]/.test(value) : undefined;
}

function checkInterceptionMode(value: string): string | undefined {
  return ['REDIRECT', 'TPROXY', 'NONE'].includes(value) ? undefined : 'must be REDIRECT, TPROXY or NONE';
}

function checkUint32(value: string): string | undefined {
  return isUint(value, UINT32_MAX) ? undefined : 'must be a whole number from 0 to 4294967295';
}

function isUint(text: string, max: number): boolean {
  return /^\d+$/.test(text) && Number(text) <= max;
}

/** Blanks as Go's TrimSpace takes them off. */
function trimmed(text: string): string {
  return text.trim();
}

function checkPort(value: string): string | undefined {
  return isUint(trimmed(value), UINT16_MAX) ? undefined : `port ${JSON.stringify(value)} is no number from 0 to 65535`;
}

function checkPorts(value: string): string | undefined {
  const list = trimmed(value);
  if (list === '') return undefined;
  return list
    .split(',')
    .map(checkPort)
    .find((problem) => problem !== undefined);
}

function checkCidrs(value: string): string | undefined {
  if (value === '') return undefined;
  const wrong = value.split(',').find((cidr) => !isAddressRange(cidr));
  return wrong === undefined
    ? undefined
    : `${JSON.stringify(wrong)} is no address range such as 10.0.0.0/8 (no blanks, separated by commas)`;
}

function checkInterfaces(value: string): string | undefined {
  if (value === '') return undefined;
  for (const name of value.split(',').map(trimmed)) {
    if (name.length > INTERFACE_LENGTH) return `interface name ${JSON.stringify(name)} is longer than 15 characters`;
    if (!INTERFACE.test(name)) return `${JSON.stringify(name)} is no name of a network interface`;
  }
  return undefined;
}

function checkQuantity(value: string): string | undefined {
  // eslint-disable-next-line no-control-regex -- control characters are what is looked for
  if (/[\u0000-\u001f\u007f-\u009f]/.test(value)) return 'control characters are not allowed';
  return isQuantity(value) ? undefined : 'must be a quantity such as 500m, 2Gi or 1';
}

/** What is wrong with the ProxyConfigs that came last; null when they are right. */
const checkedConfigs = new RecentTexts<string | null>({ texts: 64, length: 1024 });

function checkProxyConfig(value: string): string | undefined {
  return checkedConfigs.of(value, (text) => proxyConfigFault(text) ?? null) ?? undefined;
}

function proxyConfigFault(value: string): string | undefined {
  try {
    const findings = new Findings();
    checkMeshProxyConfig({ ...DEFAULT_PROXY_CONFIG, ...parsedAnnotation(value) }, '', findings);
    const fault = findings.list.find(({ severity }) => severity === 'error');
    return fault && `${fault.path.slice(1)} ${fault.message}`;
  } catch (error) {
    if (error instanceof InjectionError) return error.message;
    throw error;
  }
}
