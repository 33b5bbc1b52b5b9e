import { stringify } from 'yaml';
import { PROXY_CONTAINER } from '../../../api/istio-names.ts';
import { GoInteger, GoList, GoMap, isStruct, fromJson, toJson, type GoValue } from '../../go-template/go-values.ts';
import { goText, MAX_TEXT } from '../../go-template/print-value.ts';
import { TemplateError } from '../../go-template/template-error.ts';
import { fixed, variadic, type FunctionTable } from '../../go-template/template-function.ts';
import { isJsonObject, type Json, type JsonObject } from '../../kube-object.ts';
import { escapeHtml, goJson } from '../go-json.ts';
import { proxyConfigText } from '../proxy-config.ts';
import type { TemplateContext } from '../template-context.ts';
import { valuesSection, withoutNulls } from './injection-values.ts';
import { appendMultusNetwork } from './multus-network.ts';
import { otelResourceAttributes } from './otel-resource-attributes.ts';
import { withPort } from './traffic-settings.ts';

/** The functions that Istio adds to the templates' language; they win over sprig's of the same name. */
export const ISTIO_FUNCTIONS: FunctionTable = {
  annotation: fixed(['any', 'text', 'any'], (meta, name, fallback) => {
    const annotations = isStruct(meta) ? meta.field('Annotations')?.value : undefined;
    if (!(annotations instanceof GoMap)) throw new TemplateError('needs the metadata of an object');
    return annotations.entries.get(name) ?? goText(fallback);
  }),
  appendMultusNetwork: fixed(['text', 'text'], appendMultusNetwork),
  applicationPorts: fixed(['list'], (containers) => containerPorts(containers, (name) => name !== PROXY_CONTAINER)),
  contains: fixed(['text', 'text'], (needle, text) => text.includes(needle)),
  directory: fixed(['text'], (file) => file.slice(0, file.lastIndexOf('/') + 1)),
  env: fixed(['text', 'text'], (_name, fallback) => fallback),
  excludeInboundPort: fixed(['any', 'text'], (port, excluded) => withPort(excluded, goText(port))),
  excludeInterfaces: fixed(['text'], (interfaces) => interfaces),
  formatDuration: fixed(['any'], (duration) => {
    const format = isStruct(duration) ? duration.method('AsDuration') : undefined;
    if (!format) throw new TemplateError('needs a duration');
    return format();
  }),
  fromJSON: fixed(['text'], (text) => {
    try {
      return fromJson(JSON.parse(text) as Json);
    } catch {
      return '{}';
    }
  }),
  includeInboundPorts: fixed(['list'], (containers) => containerPorts(containers, () => true)),
  indent: fixed(['int', 'text'], (spaces, text) => {
    const lines = text.split('\n');
    const pad = Math.max(0, spaces);
    if (lines.length * pad > MAX_TEXT) throw new TemplateError('the result is too long');
    return lines.join(`\n${' '.repeat(pad)}`);
  }),
  isset: fixed(['texts', 'text'], (map, key) => map.entries.has(key)),
  kubevirtInterfaces: fixed(['text'], (interfaces) => interfaces),
  mergeMaps: variadic(
    [],
    'texts',
    (...maps) =>
      new GoMap(
        maps.flatMap((map) => [...map.entries]),
        true,
      ),
  ),
  omit: variadic(
    ['texts'],
    'text',
    (map, ...keys) =>
      new GoMap(
        [...map.entries].filter(([key]) => !keys.includes(key)),
        true,
      ),
  ),
  omitNil: fixed(['any'], (value) => {
    const json = plainJson(value);
    return json === undefined ? value : fromJson(withoutNulls(json) ?? null);
  }),
  otelResourceAttributes: fixed(
    ['any', 'texts', 'texts', 'text', 'list'],
    (mesh, annotations, ...[labels, namespace, containers]) =>
      otelResourceAttributes(asObject(toJson(mesh)), {
        annotations: textsOf(annotations),
        labels: textsOf(labels),
        namespace,
        containers: containers.items.map((container) => asObject(toJson(container))),
      }),
  ),
  protoToJSON: fixed(['any'], (message) => {
    if (!isStruct(message) || message.isNil) return '{}';
    const json = asObject(message.json());
    return message.type.endsWith('.ProxyConfig') ? proxyConfigText(json) : jsonText(json);
  }),
  strdict: variadic([], 'text', (...items) => {
    const pairs: [string, string][] = [];
    for (let i = 0; i < items.length; i += 2) pairs.push([items[i] ?? '', items[i + 1] ?? '']);
    return new GoMap(pairs, true);
  }),
  structToJSON: fixed(['any'], (value) => (value === null ? '{}' : jsonText(toJson(value)))),
  toJSON: fixed(['texts'], (map) => goJson(toJson(map))),
  toJsonMap: variadic([], 'texts', (...maps) =>
    goJson(
      toJson(
        new GoMap(
          maps.flatMap((map) => [...map.entries]),
          true,
        ),
      ),
    ),
  ),
  toLower: fixed(['text'], (text) => text.toLowerCase()),
  toYaml: fixed(['any'], (value) => yamlText(toJson(value))),
  valueOrDefault: fixed(['any', 'any'], (value, fallback) => (value === '' || value === null ? fallback : value)),
};

/** `env` reads istiod's environment; the values of `pilot.env` are what the chart puts there. */
export function environmentFunctions({ values, environment }: TemplateContext): FunctionTable {
  const set = valuesSection(valuesSection(values, 'pilot', 'pilot'), 'env', 'pilot.env');
  return {
    env: fixed(['text', 'text'], (name, fallback) => {
      const own = Object.hasOwn(set, name) ? set[name] : undefined;
      const value = Object.hasOwn(environment, name) ? environment[name] : own;
      return value === undefined || value === null || value === '' ? fallback : goText(fromJson(value));
    }),
  };
}

function jsonText(value: Json): string {
  return escapeHtml(JSON.stringify(value));
}

/** YAML with sorted keys that Kubernetes' reader takes back as the same value. */
function yamlText(value: Json): string {
  return stringify(value, { version: '1.1', indentSeq: false, lineWidth: 0, aliasDuplicateObjects: false });
}

/** The JSON of lists and maps; undefined for what holds no nulls to leave out. */
function plainJson(value: GoValue): Json | undefined {
  return value instanceof GoList || value instanceof GoMap || value === null ? toJson(value) : undefined;
}

function asObject(value: Json): JsonObject {
  return isJsonObject(value) ? value : {};
}

function textsOf(map: GoMap): Record<string, string> {
  return Object.fromEntries(map.entries) as Record<string, string>;
}

function containerPorts(containers: GoList, wanted: (name: GoValue) => boolean): string {
  const ports: string[] = [];
  for (const container of containers.items) {
    if (!isStruct(container)) throw new TemplateError('needs the containers of a pod');
    const list = container.field('Ports')?.value;
    if (!wanted(container.field('Name')?.value) || !(list instanceof GoList)) continue;
    ports.push(...list.items.flatMap(tcpPort));
  }
  return ports.join(',');
}

function tcpPort(port: GoValue): string[] {
  if (!isStruct(port)) return [];
  const protocol = port.field('Protocol')?.value;
  const number = port.field('ContainerPort')?.value;
  return protocol === 'UDP' || protocol === 'SCTP' || !(number instanceof GoInteger) ? [] : [String(number.value)];
}
