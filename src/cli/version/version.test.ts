import { expect, test } from 'vitest';
import { FakeKubeApi } from '../../../test/builders/fake-kube-api.ts';
import { runSailwright } from '../../../test/builders/run-sailwright.ts';
import { controlPlane, object } from '../../../test/builders/small-mesh.ts';
import { ApiError } from '../../kube/errors.ts';
import { VERSION } from '../../version.ts';
import { fetchVersions, versionsText } from './cluster-versions.ts';

const SCREEN = { isTerminal: false, columns: 100 };

function cluster(): FakeKubeApi {
  const api = new FakeKubeApi();
  const containers = [{ name: 'operator', image: 'registry.example/sailwright:0.9.1', args: ['run'] }];
  const spec = { replicas: 2, template: { spec: { containers } } };
  const operator = object('apps/v1', 'Deployment', 'sailwright-system/sailwright', spec);
  operator.metadata.labels = { 'app.kubernetes.io/name': 'sailwright' };
  for (const each of [...controlPlane('', '1.31.4'), ...controlPlane('next', '1.32.0'), operator]) api.seed(each);
  return api;
}

test.each<[args: string[], out: string]>([
  [[], `${VERSION}\n`],
  [['-o', 'json'], `{\n  "version": "${VERSION}"\n}\n`],
  [['-o', 'yaml'], `version: ${VERSION}\n`],
])('version %j asks no cluster', async (args, out) => {
  expect(await runSailwright(['version', ...args])).toEqual({ code: 0, out, err: '' });
});

test('a cluster that is named but not asked is no silent matter', async () => {
  const { code, err } = await runSailwright(['version', '--context', 'shop']);
  expect(code).toBe(2);
  expect(err).toContain('--kubeconfig and --context go with --cluster');
});

test('without a cluster the own version is told all the same, and why there is no other', async () => {
  const { code, out, err } = await runSailwright(['version', '--cluster', '--kubeconfig', '/nowhere/kubeconfig']);
  expect([code, out]).toEqual([2, `${VERSION}\n`]);
  expect(err).toContain('/nowhere/kubeconfig');
});

test('tells the versions of operators and control planes', async () => {
  const versions = await fetchVersions(cluster());
  expect(versions).toMatchObject({
    operators: [{ namespace: 'sailwright-system', name: 'sailwright', version: '0.9.1' }],
    controlPlanes: [
      { revision: '', release: '1.31.4' },
      { revision: 'next', release: '1.32.0' },
    ],
    unread: [],
  });
  const text = versionsText(versions, SCREEN);
  expect(text).toMatch(/^sailwright-system\/sailwright +0\/2 +0\.9\.1$/m);
  expect(text).toMatch(/^istio-system +next +1\.32\.0 /m);
});

test('of a cluster without both says so, and what rights do not show is told', async () => {
  const none = versionsText(await fetchVersions(new FakeKubeApi()), SCREEN);
  expect(none).toContain('no operator in sight');
  expect(none).toContain('no control plane in sight');
  const api = cluster();
  api.fault = ({ kind }) =>
    kind === 'Deployment' ? new ApiError({ status: 403, reason: 'Forbidden', message: 'no' }) : undefined;
  expect((await fetchVersions(api)).unread).toEqual([{ kind: 'Deployment', why: 'no' }]);
});
