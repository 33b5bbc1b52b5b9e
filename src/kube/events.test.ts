import { expect, it } from 'vitest';
import { FakeClock, settle } from '../../test/builders/fake-clock.ts';
import { FakeKubeApi } from '../../test/builders/fake-kube-api.ts';
import type { KubeObject } from '../core/kube-object.ts';
import { createSilentLog } from '../telemetry/log.ts';
import { EventRecorder } from './events.ts';

const ABOUT: KubeObject = { apiVersion: 'v1', kind: 'ConfigMap', metadata: { namespace: 'ns', name: 'a' } };

function createRecorder(): { server: FakeKubeApi; clock: FakeClock; events: EventRecorder } {
  const server = new FakeKubeApi();
  const clock = new FakeClock();
  const log = createSilentLog();
  return { server, clock, events: new EventRecorder({ api: server, component: 'test', instance: 'one', log, clock }) };
}

it('counts what happens again in one Event', async () => {
  const { server, clock, events } = createRecorder();
  for (let time = 0; time < 3; time += 1) events.record(ABOUT, { type: 'Normal', reason: 'Same', message: 'again' });
  await clock.advance(60_000);
  await events.flush();
  expect(server.writes.map(({ verb }) => verb)).toEqual(['create', 'patch']);
});

it('forgets what has not happened for long', async () => {
  const { clock, events } = createRecorder();
  for (let n = 0; n < 50; n += 1) events.record(ABOUT, { type: 'Normal', reason: 'Each', message: `no. ${n}` });
  await clock.advance(11 * 60_000);
  events.record(ABOUT, { type: 'Normal', reason: 'Late', message: 'new' });
  expect(events.size).toBe(1);
});

it('tells nothing more while too much waits to be told', async () => {
  const { server, events } = createRecorder();
  const answer = Promise.withResolvers<undefined>();
  server.fault = () => answer.promise;
  for (let n = 0; n < 500; n += 1) events.record(ABOUT, { type: 'Normal', reason: 'Each', message: `no. ${n}` });
  await settle();
  answer.resolve(undefined);
  await events.flush();
  expect(server.writes).toHaveLength(100);
});
