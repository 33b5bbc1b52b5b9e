import { beforeEach, describe, expect, it } from 'vitest';
import { controlPlaneObjects, namespaceObject, renderControlPlane } from '../../../test/builders/control-plane.ts';
import { compileInjectionConfig, type CompiledInjectionConfig } from '../../core/inject/compile-injection-config.ts';
import { readControlPlaneConfig } from '../../core/inject/control-plane-config.ts';
import { inject } from '../../core/inject/inject.ts';
import { injectionWebhooksOf } from '../../core/inject/injection-webhooks.ts';
import type { KubeObject } from '../../core/kube-object.ts';
import type { ReviewSurroundings } from '../../core/proxies/review-proxy.ts';
import { ReviewMemo } from './review-memo.ts';

const compile = (tag: string): CompiledInjectionConfig =>
  compileInjectionConfig(readControlPlaneConfig(controlPlaneObjects({ global: { tag } })));
const [OLD, NEW] = [compile('1.31.3'), compile('1.31.4')];
const WEBHOOKS = renderControlPlane().flatMap((object) => injectionWebhooksOf(object));

let memo: ReviewMemo;
/** How often a pod was injected and compared. */
let judged: number;
let config: CompiledInjectionConfig;
let namespace: KubeObject;

const surroundings: ReviewSurroundings = {
  get webhooks() {
    judged += 1;
    return WEBHOOKS;
  },
  namespaceOf: () => namespace,
  configOf: () => config,
};

const TEMPLATE = { metadata: { labels: { app: 'web' } }, spec: { containers: [{ name: 'app', image: 'app:1' }] } };
const workload = (generation: number, status: object = {}): KubeObject => ({
  apiVersion: 'apps/v1',
  kind: 'StatefulSet',
  metadata: { name: 'web', namespace: 'shop', uid: 'w', generation },
  spec: { template: TEMPLATE },
  status,
});

function pod(resourceVersion: string): KubeObject {
  const owner = { apiVersion: 'apps/v1', kind: 'StatefulSet', name: 'web', uid: 'w', controller: true };
  const bare = { metadata: { ...TEMPLATE.metadata, name: 'web-0', namespace: 'shop', ownerReferences: [owner] } };
  const result = inject({ pod: { ...bare, spec: TEMPLATE.spec }, namespace: 'shop' }, OLD);
  if (result.outcome !== 'injected') throw new Error(JSON.stringify(result));
  const metadata = { ...(result.pod.metadata as KubeObject['metadata']), uid: 'p', resourceVersion };
  return { ...result.pod, apiVersion: 'v1', kind: 'Pod', metadata };
}

function look(given: { version?: string; generation?: number; webhooks?: typeof WEBHOOKS } = {}): string | undefined {
  const { version = '1', generation = 1, webhooks = WEBHOOKS } = given;
  memo.beginLook(webhooks);
  return memo.review(pod(version), workload(generation, { at: judged }), surroundings)?.state;
}

beforeEach(() => {
  memo = new ReviewMemo();
  judged = 0;
  config = OLD;
  namespace = namespaceObject('shop', { 'istio-injection': 'enabled' });
});

it('judges a pod once as long as nothing changes', () => {
  expect([look(), look(), look()]).toEqual(['current', 'current', 'current']);
  expect(judged).toBe(1);
});

describe('judges it anew when', () => {
  it.each<[string, () => Parameters<typeof look>[0]]>([
    ['it has changed', () => ({ version: '2' })],
    ['the template of its workload has', () => ({ generation: 2 })],
    ['another webhook is there', () => ({ webhooks: WEBHOOKS.slice(0, 1) })],
    [
      'its namespace has',
      () => {
        namespace = namespaceObject('shop', { 'istio-injection': 'enabled', more: 'labels' });
        return {};
      },
    ],
  ])('%s', (_, change) => {
    look();
    expect(look(change())).toBe('current');
    expect(judged).toBe(2);
  });

  it('injection has, and says so', () => {
    expect(look()).toBe('current');
    config = NEW;
    expect([look(), look(), judged]).toEqual(['image', 'image', 2]);
    config = OLD;
    expect(look()).toBe('current');
  });
});
