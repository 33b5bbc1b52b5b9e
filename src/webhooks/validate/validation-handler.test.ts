import { describe, expect, it } from 'vitest';
import type { JsonObject } from '../../core/kube-object.ts';
import type { AdmissionRequest, AdmissionResponse } from '../admission-review.ts';
import type { AdmissionAnalysis } from './admission-analysis.ts';
import type { Printable } from './print-findings.ts';
import { createValidationRoute } from './validation-handler.ts';

const CONTEXT = { path: '/validate', peer: '127.0.0.1', signal: new AbortController().signal };

function virtualService(http: JsonObject[], metadata: JsonObject = {}): JsonObject {
  return {
    apiVersion: 'networking.istio.io/v1',
    kind: 'VirtualService',
    metadata: { name: 'web', namespace: 'team', ...metadata },
    spec: { hosts: ['web'], http },
  };
}

const route = [{ destination: { host: 'web' } }];
const good = virtualService([{ route }]);
const bad = virtualService([{ route, timeout: '1us' }]);

function ask(request: Partial<AdmissionRequest>): Promise<AdmissionResponse> {
  return handleValidation({ uid: 'u', operation: 'CREATE', ...request });
}

async function handleValidation(request: AdmissionRequest, analysis?: AdmissionAnalysis): Promise<AdmissionResponse> {
  return createValidationRoute(analysis).handle(request, CONTEXT);
}

describe('/validate', () => {
  it('lets a good resource pass without a word', async () => {
    expect(await ask({ object: good })).toEqual({ allowed: true, verdict: 'Valid' });
  });

  it('refuses a bad one and names the field', async () => {
    const { allowed, message } = await ask({ object: bad });
    expect(allowed).toBe(false);
    expect(message).toMatch(/^spec\.http\[0\]\.timeout: /);
  });

  it('lists several errors below the name of the resource', async () => {
    const { message } = await ask({ object: virtualService([{ route, timeout: '1us' }, {}]) });
    expect(message).toMatch(
      /^VirtualService team\/web has 2 errors:\n {2}\* spec\.http\[0\].*\n {2}\* spec\.http\[1\]/,
    );
  });

  it('bounds what it says of a resource that is wrong all over', async () => {
    const { message = '', warnings = [] } = await ask({
      object: virtualService(Array.from({ length: 500 }, () => ({ rout: 'x'.repeat(1000) }))),
    });
    expect(message.split('\n').length).toBeLessThan(25);
    expect(message).toContain('and 480 more');
    expect(warnings.length).toBeLessThan(12);
    expect(Math.max(...warnings.map(({ length }) => length))).toBeLessThanOrEqual(256);
  });

  it('warns of unknown fields, with the name that was meant', async () => {
    const { allowed, warnings } = await ask({ object: virtualService([{ route, timeouts: '1s' }]) });
    expect(allowed).toBe(true);
    expect(warnings).toEqual([expect.stringMatching(/^spec\.http\[0\]\.timeouts: .*"timeout"/)]);
  });

  it.each([
    ['a deletion', { operation: 'DELETE' as const, object: null, oldObject: bad }],
    ['a status', { operation: 'UPDATE' as const, subResource: 'status', object: bad, oldObject: bad }],
    [
      'what is on its way out',
      { object: { ...bad, metadata: { name: 'web', deletionTimestamp: '2026-01-01T00:00:00Z' } } },
    ],
    ['a kind of others', { object: { apiVersion: 'apps/v1', kind: 'Deployment', metadata: { name: 'web' } } }],
  ])('does not judge %s', async (_what, request) => {
    expect((await ask(request)).allowed).toBe(true);
  });

  it('answers a dry run as it answers the real call', async () => {
    expect(await ask({ object: bad, dryRun: true })).toEqual(await ask({ object: bad }));
  });

  it('refuses what proves that it works: a Gateway without servers', async () => {
    const probe = { apiVersion: 'networking.istio.io/v1', kind: 'Gateway', metadata: { name: 'probe' }, spec: {} };
    expect((await ask({ object: probe, dryRun: true })).allowed).toBe(false);
  });
});

describe('an update of a resource that was bad before', () => {
  const update = (object: JsonObject, oldObject: JsonObject): Promise<AdmissionResponse> =>
    ask({ operation: 'UPDATE', object, oldObject });

  it('passes with a warning while the bad field stays as it is', async () => {
    const relabelled = virtualService([{ route, timeout: '1us' }], { labels: { team: 'a' } });
    const { allowed, verdict, warnings } = await update(relabelled, bad);
    expect([allowed, verdict]).toEqual([true, 'Tolerated']);
    expect(warnings).toEqual([expect.stringMatching(/^spec\.http\[0\]\.timeout: /)]);
  });

  it('passes while what is missing stays missing, whatever else changes', async () => {
    const gateway = (spec: JsonObject): JsonObject => {
      const metadata = { name: 'public', namespace: 'team' };
      return { apiVersion: 'networking.istio.io/v1', kind: 'Gateway', metadata, spec };
    };
    expect((await update(gateway({ selector: { app: 'b' } }), gateway({ selector: { app: 'a' } }))).allowed).toBe(true);
  });

  it('is refused when the field changes and stays bad', async () => {
    expect((await update(virtualService([{ route, timeout: '2us' }]), bad)).allowed).toBe(false);
  });

  it('is refused for an error that is new', async () => {
    const { allowed, message } = await update(virtualService([{ route, timeout: '1us' }, {}]), bad);
    expect(allowed).toBe(false);
    expect(message).toMatch(/^spec\.http\[1\]/);
  });

  it('is refused for what gives rights, however long it was there', async () => {
    const metadata = { annotations: { 'internal.istio.io/parents': 'a/b' } };
    const escalated = virtualService([{ route }], metadata);
    expect((await update(escalated, escalated)).allowed).toBe(false);
  });
});

describe('a resource that several releases read', () => {
  const readers = {
    list: () => [
      { revision: '', release: '1.31.4' },
      { revision: 'old', release: '1.30.8' },
    ],
    onChange: () => () => undefined,
  };
  const sidecar = (metadata: JsonObject, hosts = ['~team/*', 'prod/*']): JsonObject => ({
    apiVersion: 'networking.istio.io/v1',
    kind: 'Sidecar',
    metadata: { name: 'all', namespace: 'team', ...metadata },
    spec: { egress: [{ hosts }] },
  });
  const judge = async (request: Partial<AdmissionRequest>): Promise<AdmissionResponse> =>
    createValidationRoute(undefined, undefined, readers).handle({ uid: 'u', operation: 'CREATE', ...request }, CONTEXT);

  it('must be right for all of them, and hears whose rule it breaks and what to do', async () => {
    const { allowed, message } = await judge({ object: sidecar({}) });
    expect(allowed).toBe(false);
    expect(message).toMatch(/^spec\.egress\[0\]\.hosts\[0\]: .* \(so Istio 1\.30, .*istio\.io\/rev/);
  });

  it('hears once what all of them say', async () => {
    const { message } = await judge({ object: sidecar({}, ['not a host']) });
    expect(message).toMatch(/^spec\.egress\[0\]\.hosts\[0\]: /);
    expect(message).not.toContain('so Istio');
  });

  it.each([
    ['default', true],
    ['old', false],
  ])('is for one alone with label istio.io/rev=%s', async (revision, allowed) => {
    const labels = { 'istio.io/rev': revision };
    expect((await judge({ object: sidecar({ labels }) })).allowed).toBe(allowed);
  });

  it('is warned of what some of them ignore', async () => {
    const pool = { http: { http2KeepAlive: { interval: '5s', timeout: '1s' } } };
    const rule = {
      ...sidecar({}),
      kind: 'DestinationRule',
      spec: { host: 'a', trafficPolicy: { connectionPool: pool } },
    };
    const { allowed, warnings = [] } = await judge({ object: rule });
    expect([allowed, warnings]).toEqual([true, [expect.stringMatching(/http2KeepAlive: .*\(so Istio 1\.30\)$/)]]);
  });

  it('may keep in an update what one of them refuses', async () => {
    const [before, after] = [sidecar({}), sidecar({ labels: { a: 'b' } })];
    const { allowed, verdict } = await judge({ operation: 'UPDATE', object: after, oldObject: before });
    expect([allowed, verdict]).toEqual([true, 'Tolerated']);
  });
});

describe('/validate with analysis', () => {
  const wrong = { path: 'spec.gateways[0]', message: 'IST0101 gateway not found' };
  const odd = { path: 'spec.hosts', message: 'IST0132 odd' };
  const judging = (errors: Printable[], warnings: Printable[]): AdmissionAnalysis => ({
    judge: () => ({ errors, warnings, isUnsettled: false }),
  });
  const create = (object: JsonObject): AdmissionRequest => ({ uid: 'u', operation: 'CREATE', object });

  it('shows what it warns of', async () => {
    expect(await handleValidation(create(good), judging([], [odd]))).toEqual({
      allowed: true,
      verdict: 'Valid',
      warnings: ['spec.hosts: IST0132 odd'],
    });
  });

  it('refuses what is an error, and says whose choice that is', async () => {
    const { allowed, verdict, message, warnings } = await handleValidation(create(good), judging([wrong], [odd]));
    expect({ allowed, verdict, warnings }).toEqual({
      allowed: false,
      verdict: 'Contradiction',
      warnings: ['spec.hosts: IST0132 odd'],
    });
    expect(message).toMatch(/^spec\.gateways\[0\]: IST0101 gateway not found.*sailwright\.dev\/analysis=enforce/);
  });

  it('is not asked about a resource that is refused anyway', async () => {
    const { message } = await handleValidation(create(bad), judging([wrong], []));
    expect(message).not.toContain('IST0101');
  });
});
