// Validation at admission: bad configuration is refused with its cause, by the API server, and never let through unseen.
import { K8s } from 'kubernetes-fluent-client';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { VirtualServiceV1Beta1 } from '../../src/fluent/index.ts';
import { Forwarder } from '../../testbed/forwarder.ts';
import type { OperatorProcess } from '../../testbed/operator-process.ts';
import { waitFor } from '../../testbed/wait.ts';
import { waitForEnforced } from './support/enforced.ts';
import { Environment } from './support/environment.ts';
import { istioOperatorWebhook } from './support/istio-operator-webhook.ts';
import { startReachedOperator } from './support/reached-operator.ts';
import { applySample, MESH_NAME, MESH_NAMESPACE, waitForCondition } from './support/resource.ts';

const BAD_SAMPLES = join(import.meta.dirname, '../../config/samples/bad');
const TEAM = 'validation-team';

let environment: Environment;
let forwarder: Forwarder;
const running: OperatorProcess[] = [];

beforeAll(async () => {
  environment = await Environment.start();
  forwarder = await Forwarder.start();
  await startReplica('validation-1');
  await applySample('default');
  await waitForCondition('Ready');
  await environment.kubectl(['create', 'namespace', TEAM]);
});

afterAll(async () => {
  await environment.stop();
  await forwarder.stop();
});

async function startReplica(name: string): Promise<OperatorProcess> {
  const started = await startReachedOperator(environment, forwarder, { name });
  running.push(started);
  return started;
}

function virtualService(name: string, http: object[], more: object = {}): object {
  const metadata = { name, namespace: TEAM, ...more };
  return { apiVersion: 'networking.istio.io/v1', kind: 'VirtualService', metadata, spec: { hosts: [name], http } };
}

const route = [{ destination: { host: 'reviews' } }];

function apply(object: object, ...flags: string[]): Promise<string> {
  return environment.kubectl(['apply', '-f', '-', ...flags], JSON.stringify(object));
}

describe('validation', () => {
  it('is proven, then binding', async () => {
    expect((await waitForCondition('ValidationEnforced')).reason).toBe('WebhookProven');
  });

  it.each(readdirSync(BAD_SAMPLES).filter((file) => file.endsWith('.yaml')))(
    'refuses %s with its cause',
    async (file) => {
      const path = join(BAD_SAMPLES, file);
      const cause = /^# refused with: (.+)$/m.exec(readFileSync(path, 'utf8'))?.[1];
      expect(cause).toBeDefined();
      await expect(environment.kubectl(['-n', TEAM, 'apply', '-f', path])).rejects.toThrow(cause);
    },
  );

  it('lists all errors of a resource', async () => {
    const bad = virtualService('two-errors', [
      { route, retries: { attempts: 1, retryOn: 'sometimes' } },
      { name: 'none' },
    ]);
    const refused = expect(apply(bad)).rejects;
    await refused.toThrow(/spec\.http\[0\]\.retries\.retryOn[^]*spec\.http\[1\]/);
  });

  it('shows warnings and lets pass what only deserves them', async () => {
    const shadowed = virtualService('shadowed', [{ route }, { route }]);
    await expect(apply(shadowed, '--dry-run=server', '--warnings-as-errors')).rejects.toThrow('is never used');
    await apply(shadowed);
  });

  it('accepts what is good, also in an old version', async () => {
    const good = { metadata: { name: 'good', namespace: TEAM }, spec: { hosts: ['good'], http: [{ route }] } };
    const { spec } = await K8s(VirtualServiceV1Beta1).Apply(good);
    expect(spec).toEqual(good.spec);
    await environment.kubectl(['-n', TEAM, 'delete', 'virtualservice', 'good']);
  });

  it('warns of mistakes together with other resources, and refuses them where a namespace asks for it', async () => {
    const unknown = { ...virtualService('unknown-host', [{ route: [{ destination: { host: 'nowhere' } }] }]) };
    const attempt = apply(unknown, '--dry-run=server', '--warnings-as-errors');
    await expect(attempt).rejects.toThrow('IST0101 host not found: "nowhere"');
    await apply(unknown);
    await environment.kubectl(['label', 'namespace', TEAM, 'sailwright.dev/analysis=enforce']);
    const other = virtualService('other-host', [{ route: [{ destination: { host: 'nowhere' } }] }]);
    await waitFor('the label to count', async () => {
      const answer = await apply(other, '--dry-run=server').catch((error: unknown) => String(error));
      return answer.includes('IST0101') && answer.includes('sailwright.dev/analysis=enforce');
    });
    // What is stored may be changed in other ways, and what it needs makes it good.
    await environment.kubectl(['-n', TEAM, 'label', 'virtualservice', 'unknown-host', 'team=a']);
    await environment.kubectl(['-n', TEAM, 'create', 'service', 'clusterip', 'nowhere', '--tcp=80']);
    await waitFor('the Service to be seen', async () => {
      const answer = await apply(other, '--dry-run=server', '--warnings-as-errors').catch(() => '');
      return answer.includes('created');
    });
    await environment.kubectl(['-n', TEAM, 'delete', 'virtualservice/unknown-host', 'service/nowhere']);
    await environment.kubectl(['label', 'namespace', TEAM, 'sailwright.dev/analysis-']);
  });

  /** A Service, a DestinationRule and a route to its subset, as one file. */
  const together = (name: string): object[] => [
    {
      apiVersion: 'v1',
      kind: 'Service',
      metadata: { name, namespace: TEAM },
      spec: { selector: { app: name }, ports: [{ name: 'http', port: 80 }] },
    },
    {
      apiVersion: 'networking.istio.io/v1',
      kind: 'DestinationRule',
      metadata: { name, namespace: TEAM },
      spec: { host: name, subsets: [{ name: 'v1', labels: { version: 'v1' } }] },
    },
    {
      ...virtualService(name, [{ route: [{ destination: { host: name, subset: 'v1' } }] }]),
      spec: { hosts: [name], http: [{ route: [{ destination: { host: name, subset: 'v1' } }] }] },
    },
  ];
  const applyAll = (items: readonly object[], ...flags: string[]): Promise<string> =>
    environment.kubectl(['apply', ...flags, '-f', '-'], items.map((item) => JSON.stringify(item)).join('\n---\n'));

  it.each([
    ['warns of nothing', 'sailwright.dev/analysis-'],
    ['refuses nothing', 'sailwright.dev/analysis=enforce'],
  ])('%s that one apply brings in order, twenty times in a row', async (_what, label) => {
    await environment.kubectl(['label', 'namespace', TEAM, label]);
    const names = Array.from({ length: 20 }, (_, i) => `together-${i}`);
    await applyAll(names.flatMap(together), '--warnings-as-errors');
    await environment.kubectl(['-n', TEAM, 'delete', 'service,destinationrule,virtualservice', ...names]);
    await environment.kubectl(['label', 'namespace', TEAM, 'sailwright.dev/analysis-']);
  });

  it('says of what comes in the wrong order that it was not seen yet', async () => {
    const reversed = applyAll(together('reversed').reverse(), '--warnings-as-errors');
    await expect(reversed).rejects.toThrow('IST0101');
    await environment.kubectl(['-n', TEAM, 'delete', 'service,destinationrule,virtualservice', 'reversed']);
  });

  it('refuses an IstioOperator that could not be reconciled', async () => {
    await apply(istioOperatorWebhook(`https://127.0.0.1:${forwarder.port}`));
    const bad = (profile: string): object => ({
      apiVersion: 'install.istio.io/v1alpha1',
      kind: 'IstioOperator',
      metadata: { name: MESH_NAME, namespace: MESH_NAMESPACE },
      spec: { profile },
    });
    await waitForEnforced(environment.kubectl, 'test-istiooperator');
    await expect(apply(bad('no-such-profile'), '--dry-run=server')).rejects.toThrow('no-such-profile');
    await environment.kubectl(['delete', 'validatingwebhookconfiguration', 'test-istiooperator']);
  });

  it('tells when it is not reached, while nothing passes without it', async () => {
    await Promise.all(running.splice(0).map((each) => each.stop()));
    await expect(apply(virtualService('blocked', [{ route }]))).rejects.toThrow('failed calling webhook');
    forwarder.use([]);
    const unreached = await environment.startOperator('validation-2', {
      webhookUrl: `https://127.0.0.1:${forwarder.port}`,
    });
    running.push(unreached);
    await waitFor(
      'the condition to say so',
      async () => {
        const path = '{.items[0].status.conditions[?(@.type=="ValidationEnforced")]}';
        const text = await environment.kubectl(['get', 'istiooperators', '-A', '-o', `jsonpath=${path}`]);
        return text.includes('WebhookNotProven') && text.includes('refused until it answers');
      },
      { timeoutMs: 60_000 },
    );
    forwarder.use([unreached.webhookPort]);
    await waitForCondition('ValidationEnforced');
    await apply(virtualService('passes', [{ route }]));
  });

  it('counts what was stored without it', async () => {
    await Promise.all(running.splice(0).map((each) => each.stop()));
    const configurations = ['istio-validator-istio-system'];
    await environment.kubectl(['delete', 'validatingwebhookconfiguration', ...configurations]);
    await apply(virtualService('unseen', []));
    const replica = await startReplica('validation-3');
    await waitFor('the metric', async () => {
      const page = await replica.fetchMetrics();
      return /^sailwright_invalid_resources\{kind="VirtualService"\} 1$/m.test(page);
    });
    // Its destination does not exist either.
    await waitFor('the report of analysis', async () => {
      const page = await replica.fetchMetrics();
      return /^sailwright_analysis_findings\{code="IST0101",level="Error"\} [1-9]/m.test(page);
    });
  });
});
