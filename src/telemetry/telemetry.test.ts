import { expect, it } from 'vitest';
import { HealthServer, MetricsServer } from '../runtime/health.ts';
import { createLog } from './log.ts';
import { createMetrics } from './metrics.ts';

it('counts on a registry of its own and serves it', async () => {
  const metrics = createMetrics({ processMetrics: false, now: () => 10_000 });
  metrics.recordReconcile('istiooperator', 'error', 0.2);
  metrics.recordWrite({ verb: 'apply', ref: { kind: 'Service' } });
  metrics.watchQueue('istiooperator', () => ({ depth: 2, inFlight: 1 }));
  metrics.watchInformers({
    watches: [
      { kind: 'Service', isHealthy: true, lastEventAt: 8_000 },
      { kind: 'Service', isHealthy: false, lastEventAt: 7_000 },
      { kind: 'Pod', isHealthy: true, lastEventAt: 6_000 },
    ],
    kinds: new Map([['Service', { objects: 5, skipped: 2, restarts: 3 }]]),
  });
  metrics.watchLeadership(() => true);
  const server = new MetricsServer({ port: 0, host: '127.0.0.1', registry: metrics.registry });
  await server.start();
  const text = await (await fetch(`http://127.0.0.1:${server.port}/metrics`)).text();
  await server.stop();
  for (const line of [
    'sailwright_reconcile_total{controller="istiooperator",result="error"} 1',
    'sailwright_reconcile_errors_total{controller="istiooperator"} 1',
    'sailwright_workqueue_depth{controller="istiooperator"} 2',
    'sailwright_workqueue_in_flight{controller="istiooperator"} 1',
    'sailwright_api_writes_total{verb="apply",kind="Service"} 1',
    'sailwright_informer_last_event_seconds{kind="Service"} 3',
    'sailwright_informer_stale_seconds{kind="Service"} 3',
    'sailwright_informer_stale_seconds{kind="Pod"} 0',
    'sailwright_informer_objects{kind="Service"} 5',
    'sailwright_informer_skipped_objects{kind="Service"} 2',
    'sailwright_informer_restarts_total{kind="Service"} 3',
    'sailwright_watches 3',
    'sailwright_leader 1',
  ]) {
    expect(text).toContain(`${line}\n`);
  }
});

it('is ready only when every named check passes, and says which does not', async () => {
  const server = new HealthServer({ port: 0, host: '127.0.0.1' });
  let problem: string | undefined = 'no list yet';
  server.addReadyCheck('informers', () => problem);
  await server.start();
  const ready = await fetch(`http://127.0.0.1:${server.port}/readyz`);
  expect([ready.status, await ready.text()]).toEqual([503, 'failed informers: no list yet\nfailed\n']);
  problem = undefined;
  expect((await fetch(`http://127.0.0.1:${server.port}/readyz`)).status).toBe(200);
  expect((await fetch(`http://127.0.0.1:${server.port}/healthz`)).status).toBe(200);
  await server.stop();
});

it('writes JSON lines with ISO times and without secrets', () => {
  let line = '';
  const log = createLog({ destination: { write: (text) => void (line += text) } });
  log.info({ user: { token: 'abc' }, headers: { authorization: 'Bearer abc' } }, 'hello');
  expect(JSON.parse(line)).toMatchObject({ level: 'info', message: 'hello', user: { token: '[redacted]' } });
  expect(line).not.toContain('abc');
  expect(line).toMatch(/"time":"\d{4}-\d\d-\d\dT/);
});
