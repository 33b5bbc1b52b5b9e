import { afterEach, describe, expect, it } from 'vitest';
import { FakeKubeApi } from '../../../test/builders/fake-kube-api.ts';
import type { KubeObject } from '../../core/kube-object.ts';
import { InformerPool } from '../../kube/informer-pool.ts';
import { createSilentLog } from '../../telemetry/log.ts';
import { FakeClock } from '../../../test/builders/fake-clock.ts';
import type { ResourceReader } from '../../core/istio/readers.ts';
import { ValidationAuditor, type AuditApart } from './auditor.ts';

let auditor: ValidationAuditor | undefined;
afterEach(() => auditor?.stopLeading());

function start(objects: KubeObject[], audit: AuditApart = () => Promise.reject(new Error('asked another thread'))) {
  const api = new FakeKubeApi();
  for (const object of objects) api.seed(object);
  const started = new ValidationAuditor({ informers: new InformerPool({ api }), audit, log: createSilentLog() });
  auditor = started;
  started.startLeading();
  const count = (): number | undefined => started.countByKind().get('VirtualService');
  return { api, count };
}

/** With so many routes; each takes some units of work. */
function virtualService(name: string, routes: number, host = 'a'): KubeObject {
  const http = Array.from({ length: routes }, (_, i) => ({
    match: [{ uri: { exact: `/${i}` } }],
    route: [{ destination: { host } }],
  }));
  const metadata = { name, namespace: 'shop' };
  return { apiVersion: 'networking.istio.io/v1', kind: 'VirtualService', metadata, spec: { hosts: ['a'], http } };
}

/** An audit that answers when it is told to. */
function patientAudit() {
  const asked: { text: string; answer: (errors: string[]) => void }[] = [];
  const audit: AuditApart = (text, by) => {
    expect(by.owner).toBe('shop');
    const { promise, resolve } = Promise.withResolvers<readonly string[]>();
    asked.push({ text: Buffer.from(text).toString('utf8'), answer: resolve });
    return promise;
  };
  return { asked, audit };
}

describe('the auditor of stored resources', () => {
  it('judges small ones itself', async () => {
    const { count } = start([virtualService('good', 1), virtualService('bad', 1, 'a_b c')]);
    await expect.poll(count).toBe(1);
  });

  it('judges itself what is too much for anybody', async () => {
    const regex = 'a{1000}'.repeat(140);
    const http = Array.from({ length: 300 }, () => ({ match: [{ uri: { regex } }], route: [] }));
    const { count } = start([{ ...virtualService('bad', 1), spec: { hosts: ['a'], http } }]);
    await expect.poll(count).toBe(1);
  });

  it('judges all anew when other releases read them, and only then', async () => {
    const api = new FakeKubeApi();
    const metadata = { name: 'all', namespace: 'team' };
    const spec = { egress: [{ hosts: ['~team/*', 'prod/*'] }] };
    api.seed({ apiVersion: 'networking.istio.io/v1', kind: 'Sidecar', metadata, spec });
    let list: readonly ResourceReader[] = [{ revision: '', release: '1.31.4' }];
    const listeners = new Set<() => void>();
    const readers = {
      list: () => list,
      onChange: (listener: () => void) => {
        listeners.add(listener);
        return () => void listeners.delete(listener);
      },
    };
    const clock = new FakeClock();
    const pool = new InformerPool({ api, clock });
    const log = createSilentLog();
    const audit = (): Promise<string[]> => Promise.reject(new Error('asked another thread'));
    auditor = new ValidationAuditor({ informers: pool, audit, readers, log, clock });
    auditor.startLeading();
    const count = (): number | undefined => auditor?.countByKind().get('Sidecar');
    const tell = async (): Promise<void> => {
      for (const listener of listeners) listener();
      await clock.advance(10_000);
    };
    await clock.advance(1);
    expect(count()).toBe(0);
    list = [{ revision: '', release: '1.30.8' }];
    await tell();
    await expect.poll(count).toBe(1);
    list = [{ revision: '', release: '1.31.4' }];
    await tell();
    await expect.poll(count).toBe(0);
    const calls: string[] = [];
    api.fault = ({ verb }) => void calls.push(verb);
    await tell();
    expect(calls.filter((verb) => verb === 'list')).toEqual([]);
    await auditor.stopLeading();
    expect(listeners.size).toBe(0);
  });

  it('leaves large ones to another thread, and counts what that refuses', async () => {
    const { asked, audit } = patientAudit();
    const { count } = start([virtualService('one', 1_000), virtualService('two', 1_000)], audit);
    await expect.poll(() => asked.length).toBe(2);
    expect(asked[0]?.text).toContain('"/999"');
    expect(count()).toBe(0);
    asked[0]?.answer(['spec.http: is wrong']);
    asked[1]?.answer([]);
    await expect.poll(count).toBe(1);
  });

  it.each([
    ['became a good one', (api: FakeKubeApi) => api.seed(virtualService('one', 1))],
    ['is gone', (api: FakeKubeApi) => api.delete({ ...virtualService('one', 1), name: 'one', namespace: 'shop' })],
  ])('forgets what was said of one that %s', async (_what, change) => {
    const { asked, audit } = patientAudit();
    const { api, count } = start([virtualService('one', 1_000)], audit);
    await expect.poll(() => asked.length).toBe(1);
    asked[0]?.answer(['spec.http: is wrong']);
    await expect.poll(count).toBe(1);
    await change(api);
    await expect.poll(count).toBe(0);
  });

  it('takes the last word of one that changes while it is judged', async () => {
    const { asked, audit } = patientAudit();
    const { api, count } = start([virtualService('one', 1_000)], audit);
    await expect.poll(() => asked.length).toBe(1);
    api.seed(virtualService('one', 1_001));
    await expect.poll(() => asked.length).toBe(2);
    asked[1]?.answer([]);
    asked[0]?.answer(['spec.http: is wrong']);
    await Promise.resolve();
    expect(count()).toBe(0);
  });
});
