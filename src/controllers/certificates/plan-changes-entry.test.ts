import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import type { JsonObject, KubeObject } from '../../core/kube-object.ts';
import { planChangesEntry } from './plan-changes-entry.ts';
import type { Operation } from './plan-configuration.ts';
import { WebhookRepairs } from './repairs.ts';

const FILE = join(import.meta.dirname, '../../../config/webhook/istio-operator-webhook.yaml');
const ENDPOINT = { namespace: 'sailwright-system' };

/** As config/webhook installs it. */
function installed(): KubeObject & { webhooks: JsonObject[] } {
  const configuration = parse(readFileSync(FILE, 'utf8')) as KubeObject & { webhooks: JsonObject[] };
  return { ...configuration, metadata: { ...configuration.metadata, resourceVersion: '7', uid: 'u' } };
}

/** What the API server has once the entry was added. */
function completed(change: JsonObject = {}): KubeObject & { webhooks: JsonObject[] } {
  const configuration = installed();
  const [, added] = planChangesEntry(configuration, ENDPOINT);
  const entry = { matchPolicy: 'Equivalent', ...(added?.value as JsonObject), ...change };
  return { ...configuration, webhooks: [entry, ...configuration.webhooks] };
}

const paths = (operations: Operation[]): string[] => operations.map(({ op, path }) => `${op} ${path}`);

describe('the entry for new and changed IstioOperators', () => {
  it('is put beside the one for deletions, and binds nobody before it was proven', () => {
    const operations = planChangesEntry(installed(), ENDPOINT);
    expect(paths(operations)).toEqual(['test /metadata/resourceVersion', 'add /webhooks/0']);
    expect(operations[1]?.value).toMatchObject({
      name: 'istiooperator.sailwright.dev',
      failurePolicy: 'Ignore',
      clientConfig: installed().webhooks[0]?.['clientConfig'],
    });
  });

  it.each<[what: string, change: JsonObject]>([
    ['as it was added', {}],
    ['with its bundle', { clientConfig: { ...(installed().webhooks[0]?.['clientConfig'] as object), caBundle: 'B' } }],
    ['once it is binding', { failurePolicy: 'Fail' }],
  ])('stays %s', (_what, change) => {
    expect(planChangesEntry(completed(change), ENDPOINT)).toEqual([]);
  });

  it('is brought back where somebody changed it', () => {
    expect(paths(planChangesEntry(completed({ rules: [], timeoutSeconds: 1 }), ENDPOINT)).slice(1)).toEqual([
      'add /webhooks/0/rules',
      'add /webhooks/0/timeoutSeconds',
    ]);
  });

  it('is not for configurations that call others, or that are of other kinds', () => {
    expect(planChangesEntry(installed(), { namespace: 'elsewhere' })).toEqual([]);
    const pods = installed().webhooks.map((entry) => ({
      ...entry,
      rules: [{ apiGroups: [''], operations: ['DELETE'] }],
    }));
    expect(planChangesEntry({ ...installed(), webhooks: pods }, ENDPOINT)).toEqual([]);
  });

  it('is fought for more and more slowly when somebody takes it away again and again', () => {
    let now = 0;
    const repairs = new WebhookRepairs(() => now);
    const waits = Array.from({ length: 6 }, () => {
      const configuration = installed();
      const write = {
        configuration,
        operations: planChangesEntry(configuration, ENDPOINT),
        fieldManager: 'sailwright',
      };
      const waitMs = repairs.waitOf(write);
      now += waitMs;
      repairs.note(write);
      return waitMs;
    });
    expect(waits.slice(4)).toEqual([5_000, 10_000]);
  });
});
