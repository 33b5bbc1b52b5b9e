// docs/reference/differences.md is complete: over the whole corpus, our form and upstream's differ nowhere else.
import { existsSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { isJsonObject, objectKey, refOf, type Json, type JsonObject } from '../../src/core/kube-object.ts';
import type { Form } from '../../src/core/components.ts';
import { caseNames, renderCase } from './manifests.ts';

const MANIFESTS = fileURLToPath(new URL('../../../shared/corpus/manifests', import.meta.url));
const DOCUMENT = readFileSync(new URL('../../docs/reference/differences.md', import.meta.url), 'utf8');
const TITLES = DOCUMENT.split('\n').flatMap((line) => (line.startsWith('| ') ? [line.split(' | ')[0] ?? ''] : []));
const present = existsSync(MANIFESTS);
const cases = present ? caseNames(MANIFESTS) : [];
if (!present) console.warn('differences of the two forms: skipped, ../shared/corpus is absent');

/** A row, by words of its first cell, and the fields that it explains, as `Kind .path`. */
const ROWS: readonly [row: string, fields: RegExp][] = [
  ['`app.kubernetes.io/managed-by`', /labels\.(app|endpointslice)\.kubernetes\.io\/managed-by$/],
  ['`app.kubernetes.io/instance`', /^\w+ \.metadata\.labels\.app\.kubernetes\.io\/instance$/],
  ['`app.kubernetes.io/version`', /labels\.(app\.kubernetes\.io\/version|helm\.sh\/chart)$/],
  ['text in labels, names and keys', /^(ConfigMap \.data\.(N|false)|\w+ .*\.(env|ports)\[(N|n|false)\](\.\w+)?)$/],
  ['webhooks for injection and validation', /^\w+WebhookConfiguration \.webhooks\[.*\]\.clientConfig\.service\.\w+$/],
  [
    'the validation webhook `validation.istio.io`',
    /^ValidatingWebhookConfiguration \.webhooks\[validation\.istio\.io\]$/,
  ],
  ['namespaces that are never injected', /^MutatingWebhookConfiguration \.webhooks\[.*\]\.namespaceSelector\./],
  ['`failurePolicy` of injection webhooks', /^\w+WebhookConfiguration \.webhooks\[.*\]\.failurePolicy$/],
  ['`istiodRemote.injectionCABundle`', /^\w+WebhookConfiguration \.webhooks\[.*\]\.clientConfig\.caBundle$/],
  ["istiod's variables", /^Deployment .*\.env\[(INJECTION|VALIDATION)_WEBHOOK_CONFIG_NAME\]$/],
  ["istiod's ClusterRole: webhook", /^ClusterRole \.rules\[.*webhookconfigurations\]+\.verbs/],
  ["istiod's ClusterRole: `ingresses/status`", /^ClusterRole \.rules\[.*ingresses\/status\]+\.verbs/],
  ['a variable that both the user and the chart set', /^Deployment .*\.env\[CLUSTER_ID\](\.value)?$/],
  ["a gateway's port with a named", /^Deployment .*\.ports\[\{"containerPort":"http-envoy-prom","protocol":"TCP"\}\]$/],
  ['`discoveryAddress` of a remote control plane', /^ConfigMap \.data\.mesh$/],
  [
    '`base.excludedCRDs`',
    /^CustomResourceDefinition \.metadata\.labels\.(app|chart|heritage|release|app\.kubernetes.*)$/,
  ],
  ['description of ConfigMap `values`', /annotations\.kubernetes\.io\/description$/],
  ["templates for pods in the injector's ConfigMap", /^ConfigMap \.data\.config$/],
  ["an overlay's text", /^(ConfigMap \.data\.meshNetworks|Deployment .*\.annotations\.note)$/],
  ['`components.*.hub`, `components.*.tag` such as', /^ConfigMap \.data\.(original|merged)-values$/],
];

const asMap = (items: readonly Json[]): JsonObject => Object.fromEntries(items.map((item) => [nameOf(item), item]));

/** What an item of a list is known by. */
function nameOf(item: Json): string {
  if (!isJsonObject(item)) return JSON.stringify(item);
  if (Array.isArray(item['resources']))
    return JSON.stringify([item['apiGroups'], item['resources']]).replaceAll('"', '');
  const { name } = item;
  return typeof name === 'string' ? name : JSON.stringify(name ?? item);
}

function differingPaths(a: Json | undefined, b: Json | undefined, path: string): string[] {
  if (JSON.stringify(a) === JSON.stringify(b)) return [];
  if (Array.isArray(a) && Array.isArray(b)) {
    const [left, right] = [asMap(a), asMap(b)];
    return namesOf(left, right).flatMap((name) => differingPaths(left[name], right[name], `${path}[${name}]`));
  }
  if (!isJsonObject(a) || !isJsonObject(b)) return [path];
  return namesOf(a, b).flatMap((name) => differingPaths(a[name], b[name], `${path}.${name}`));
}

const namesOf = (a: JsonObject, b: JsonObject): string[] => [...new Set([...Object.keys(a), ...Object.keys(b)])];

function renderByKey(name: string, form: Form): Map<string, JsonObject> | undefined {
  const result = renderCase(`${MANIFESTS}/${name}`, { form });
  if (!result.ok) return undefined;
  const objects = result.value.components.flatMap((component) => component.objects);
  return new Map(objects.map((object) => [objectKey(refOf(object)), object as JsonObject]));
}

/** `Kind .path` of all that differs; `refused` when our form renders nothing. */
function findDifferences(name: string): string[] {
  const [upstream, ours] = [renderByKey(name, 'upstream'), renderByKey(name, 'sailwright')];
  if (!upstream || !ours) return [`refused ${name}`];
  const keys = new Set([...upstream.keys(), ...ours.keys()]);
  return [...keys].flatMap((key) => {
    const [a, b] = [upstream.get(key), ours.get(key)];
    if (!a || !b) return [`object ${key}`];
    return differingPaths(a, b, `${typeof a['kind'] === 'string' ? a['kind'] : ''} `);
  });
}

describe.skipIf(!present)('differences of the two forms', () => {
  const found = new Map<string, string>();
  for (const name of cases) for (const path of findDifferences(name)) if (!found.has(path)) found.set(path, name);
  const fields = [...found].filter(([path]) => !path.startsWith('refused '));

  it('are all in a row of the table', () => {
    expect(fields.filter(([path]) => !ROWS.some(([, pattern]) => pattern.test(path)))).toEqual([]);
  });

  it('refuse only gateways, overlays, and templates that would inject no pod', () => {
    const refused = cases.filter((name) => found.has(`refused ${name}`));
    const problems = refused.flatMap((name) => {
      const result = renderCase(`${MANIFESTS}/${name}`, { form: 'sailwright' });
      return result.ok ? [] : result.problems.map(({ path }) => path);
    });
    expect(problems.length).toBeGreaterThan(0);
    const expected = /Gateways\[\d+\]\.name$|overlays\[\d+\]|sidecarInjectorWebhook\.(defaultT|t)emplates/;
    expect(problems.filter((path) => !expected.test(path))).toEqual([]);
  });

  it.each(ROWS)('the row "%s" is there, and some input shows it', (row, pattern) => {
    expect(TITLES.some((title) => title.includes(row))).toBe(true);
    expect(
      fields.some(([path]) => pattern.test(path)),
      row,
    ).toBe(true);
  });
});
