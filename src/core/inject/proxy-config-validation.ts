import { isJsonObject, type Json, type JsonObject } from '../kube-object.ts';
import { durationNanos } from './proto-json.ts';

const SECOND = 1e9;
const PORT_MAX = 65_535;

type Check = (value: Json | undefined, config: JsonObject) => string | undefined;

const CHECKS: Readonly<Record<string, Check>> = {
  configPath: required,
  binaryPath: required,
  serviceCluster: (value, config) => (config.tracingServiceName === undefined ? required(value) : undefined),
  drainDuration: checkDrainDuration,
  discoveryAddress: (value) => required(value) ?? checkAddress(value),
  statsdUdpAddress: optionalAddress,
  envoyMetricsServiceAddress: optionalAddress,
  proxyAdminPort: checkPort,
  statusPort: checkPort,
  controlPlaneAuthPolicy: (value) => (value === 'INHERIT' ? 'must be NONE or MUTUAL_TLS' : undefined),
  envoyMetricsService: (value) => optionalAddress(isJsonObject(value) ? value.address : undefined),
  envoyAccessLogService: (value) => optionalAddress(isJsonObject(value) ? value.address : undefined),
  tracing: checkTracing,
  privateKeyProvider: checkPrivateKeyProvider,
  connectionSettings: checkConnectionSettings,
};

/** What is wrong with a complete ProxyConfig (with defaults); undefined when it is right. */
export function proxyConfigProblem(config: JsonObject): string | undefined {
  for (const [field, check] of Object.entries(CHECKS)) {
    const problem = check(config[field], config);
    if (problem !== undefined) return `${field} ${problem}`;
  }
  return undefined;
}

function required(value: Json | undefined): string | undefined {
  return value === undefined || value === '' ? 'must not be empty' : undefined;
}

function checkPort(value: Json | undefined): string | undefined {
  const port = Number(value);
  return port >= 1 && port <= PORT_MAX ? undefined : `must be a port from 1 to 65535, got ${JSON.stringify(value)}`;
}

function checkDrainDuration(value: Json | undefined): string | undefined {
  const nanos = typeof value === 'string' ? durationNanos(value) : 0;
  return nanos > 0 && nanos % SECOND === 0 ? undefined : 'must be a positive number of whole seconds';
}

function optionalAddress(value: Json | undefined): string | undefined {
  return value === undefined || value === '' ? undefined : checkAddress(value);
}

const HOST_LABEL = /^[a-zA-Z0-9_](?:[-a-zA-Z0-9_]*[a-zA-Z0-9_])?$/;
const BRACKETED = /^\[([0-9a-fA-F:.]+)\]$/;

function checkAddress(value: Json | undefined): string | undefined {
  const text = typeof value === 'string' ? value : '';
  const colon = text.lastIndexOf(':');
  const [host, port] = [text.slice(0, Math.max(colon, 0)), text.slice(colon + 1)];
  const problem = `must be host:port, got ${JSON.stringify(text)}`;
  if (colon < 0 || !/^\d+$/.test(port) || checkPort(Number(port)) !== undefined) return problem;
  return BRACKETED.test(host) || isHostName(host) ? undefined : problem;
}

function isHostName(host: string): boolean {
  if (host === '' || host.length > 255) return false;
  return host
    .replace(/\.$/, '')
    .split('.')
    .every((label) => label.length <= 63 && HOST_LABEL.test(label));
}

function checkTracing(value: Json | undefined): string | undefined {
  if (!isJsonObject(value)) return undefined;
  for (const name of ['zipkin', 'lightstep', 'datadog'] as const) {
    const tracer = value[name];
    if (!isJsonObject(tracer)) continue;
    const problem = tracerProblem(name, tracer);
    if (problem !== undefined) return `${name}: ${problem}`;
  }
  return customTagsProblem(value.customTags);
}

/** Datadog's agent address may use `$(HOST_IP)`, and so may the others. */
function tracerProblem(name: string, tracer: JsonObject): string | undefined {
  const address = typeof tracer.address === 'string' ? tracer.address : '';
  if (address === '') return 'address must not be empty';
  if (name === 'lightstep' && (tracer.accessToken === undefined || tracer.accessToken === '')) {
    return 'accessToken must not be empty';
  }
  const problem = checkAddress(address.replace('$(HOST_IP)', 'host-ip'));
  return problem === undefined ? undefined : `address ${problem}`;
}

function customTagsProblem(tags: Json | undefined): string | undefined {
  if (!isJsonObject(tags)) return undefined;
  for (const [name, tag] of Object.entries(tags)) {
    if (name === '') return 'customTags: a tag must have a name';
    const problem = isJsonObject(tag) ? customTagProblem(tag) : undefined;
    if (problem !== undefined) return `customTags.${name}: ${problem}`;
  }
  return undefined;
}

function customTagProblem({ literal, environment, header }: JsonObject): string | undefined {
  if (isJsonObject(literal)) return required(literal.value) && 'literal.value must not be empty';
  if (isJsonObject(environment)) return required(environment.name) && 'environment.name must not be empty';
  if (isJsonObject(header)) return required(header.name) && 'header.name must not be empty';
  return undefined;
}

function checkPrivateKeyProvider(value: Json | undefined): string | undefined {
  if (!isJsonObject(value)) return undefined;
  const provider = value.cryptomb ?? value.qat;
  if (!isJsonObject(provider)) return 'needs cryptomb or qat';
  const delay = typeof provider.pollDelay === 'string' ? durationNanos(provider.pollDelay) : 0;
  return delay === 0 ? 'needs a pollDelay that is not zero' : undefined;
}

const AT_LEAST: Readonly<Record<string, number>> = {
  listenerPerConnectionBufferLimitBytes: 0,
  clusterPerConnectionBufferLimitBytes: 0,
  httpMaxConcurrentStreams: 1,
  http2InitialStreamWindowSize: 65_535,
  http2InitialConnectionWindowSize: 65_535,
  listenerConnectionLimit: 1,
  globalDownstreamConnectionLimit: 1,
};

function checkConnectionSettings(value: Json | undefined): string | undefined {
  if (!isJsonObject(value)) return undefined;
  for (const [field, item] of Object.entries(value)) {
    const least = AT_LEAST[field];
    if (least !== undefined && Number(item) < least) return `${field} must be at least ${least}`;
    if (typeof item === 'string' && /^-.*s$/.test(item)) return `${field} must not be negative`;
  }
  return undefined;
}
