// A mesh of istioctl and of Helm becomes ours, without a restart of its gateway, and goes back as it was.
import { gzipSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { KubeObject, ObjectRef } from '../../src/core/kube-object.ts';
import { managedFieldsOf } from '../../src/core/plan/field-ownership.ts';
import type { KubeClient } from '../../src/kube/client.ts';
import { fetchOperatorWrites } from './support/audit.ts';
import type { Environment } from './support/environment.ts';
import {
  DEFAULT_VALIDATOR,
  FormerMesh,
  GATEWAY,
  INJECTOR,
  ISTIOD,
  managersOf,
  ref,
  SPEC,
  TAG,
  templateOf,
  withMetadata,
} from './support/former-mesh.ts';
import { fetchResource, MESH_NAMESPACE } from './support/resource.ts';

const SERVICE: ObjectRef = ref('v1', 'Service', 'istio-ingressgateway');
const OWNERS = {
  'install.operator.istio.io/owning-resource': 'unknown',
  'install.operator.istio.io/owning-resource-namespace': MESH_NAMESPACE,
  'operator.istio.io/managed': 'Reconcile',
};
let mesh: FormerMesh;
let environment: Environment;
let admin: KubeClient;

beforeAll(async () => {
  mesh = await FormerMesh.start();
  ({ environment, admin } = mesh);
});
afterAll(() => mesh.stop());

const ownedBy = (object: KubeObject): unknown =>
  managedFieldsOf(object)
    .filter(({ subresource }) => !subresource)
    .map(({ manager, operation, fieldsV1 }) => ({ manager, operation, fieldsV1 }));

/** The parts that tell whether a mesh is as it was. */
async function snapshot(): Promise<unknown> {
  const all = [GATEWAY, ISTIOD, SERVICE, INJECTOR, TAG, DEFAULT_VALIDATOR];
  const objects = await Promise.all(all.map((one) => mesh.get(one)));
  return objects.map((object) => ({
    labels: object.metadata.labels,
    annotations: without(object.metadata.annotations ?? {}, 'deployment.kubernetes.io/revision'),
    spec: object['spec'],
    webhooks: object['webhooks'],
    owned: ownedBy(object),
  }));
}

function without(map: Record<string, string>, name: string): Record<string, string> {
  return Object.fromEntries(Object.entries(map).filter(([key]) => key !== name));
}

describe('a mesh of istioctl', () => {
  let before: unknown;
  let pods: string[];

  beforeAll(async () => {
    await mesh.installByIstioctl(SPEC, OWNERS);
    before = await snapshot();
    pods = await mesh.podsOf(GATEWAY);
    await environment.startOperator('operator');
  });

  it('is planned: nothing but its control plane restarts, and nothing is written', async () => {
    const { code, out, err } = await mesh.adopt();
    expect([code, err]).toEqual([0, expect.stringContaining('pods restart: Deployment istio-system/istiod\n')]);
    expect(out).toContain('from ConfigMap istio-system/values of istioctl');
    expect(out).toMatch(/Deployment istio-system\/istiod \(istioctl\): .*spec\.template\..*; its pods restart/);
    expect(out).not.toContain('not kept:');
    expect(await fetchResource()).toBeUndefined();
    expect(await snapshot()).toEqual(before);
  });

  it('becomes ours without a restart of its gateway', async () => {
    const since = new Date();
    const template = templateOf(await mesh.get(GATEWAY));
    const { code, err } = await mesh.adopt('--yes', '--timeout', '120');
    expect([code, err]).toEqual([0, expect.stringContaining('wrote IstioOperator istio-system/istio')]);
    const gateway = await mesh.get(GATEWAY);
    expect(templateOf(gateway)).toEqual(template);
    expect(await mesh.podsOf(GATEWAY)).toEqual(pods);
    expect(managersOf(gateway)).toEqual(expect.arrayContaining(['sailwright Apply', 'sailwright-kept Apply']));
    for (const object of [gateway, await mesh.get(ISTIOD), await mesh.get(SERVICE), await mesh.get(INJECTOR)]) {
      expect(managersOf(object)).not.toContain('istio-operator Apply');
      expect(object.metadata.labels).toMatchObject({ 'sailwright.dev/managed': 'true' });
    }
    expect((await fetchResource())?.metadata?.annotations ?? {}).not.toHaveProperty('sailwright.dev/adopt');
    // The plain injector matches again, and what stood in its place is gone.
    expect(await admin.get(TAG)).toBeUndefined();
    expect(JSON.stringify(await mesh.get(INJECTOR))).not.toContain('never-match');
    for (const webhook of [await mesh.get(INJECTOR), await mesh.get(DEFAULT_VALIDATOR)])
      expect(JSON.stringify(webhook['webhooks'])).not.toContain('"name":"istiod"');
    const log = environment.cluster.embedded?.auditLogPath;
    if (log === undefined) return;
    const writes = await fetchOperatorWrites(log, since);
    const toGateway = writes.filter(
      ({ objectRef }) => objectRef?.name === GATEWAY.name && objectRef.resource === 'deployments',
    );
    // The owners of its fields, and the apply.
    expect(toGateway.map(({ verb }) => verb)).toEqual(['patch', 'patch']);
  });

  it('goes back as it was', async () => {
    const { code, err } = await mesh.adopt('--undo', '--timeout', '120');
    expect([code, err]).toEqual([0, expect.stringMatching(/gave back \d+ objects/)]);
    expect(await fetchResource()).toBeUndefined();
    await mesh.waitForPods();
    expect(await snapshot()).toEqual(before);
    expect(await mesh.podsOf(GATEWAY)).toEqual(pods);
    const again = await mesh.adopt('--undo');
    expect([again.code, again.err]).toEqual([1, expect.stringContaining('no record of a hand-over')]);
  });
});

const releaseSecret = (name: string, config: object): object => ({
  apiVersion: 'v1',
  kind: 'Secret',
  type: 'helm.sh/release.v1',
  metadata: {
    name: `sh.helm.release.v1.${name}.v1`,
    namespace: MESH_NAMESPACE,
    labels: { owner: 'helm', name, status: 'deployed', version: '1' },
  },
  data: { release: packed({ name, config }) },
});

function packed({ name, config }: { name: string; config: object }): string {
  const chart = { metadata: { name, version: '1.31.4' } };
  const release = { name, namespace: MESH_NAMESPACE, version: 1, info: { status: 'deployed' }, chart, config };
  return Buffer.from(gzipSync(JSON.stringify(release)).toString('base64')).toString('base64');
}

describe('a mesh of Helm', () => {
  const FLUX = { 'helm.toolkit.fluxcd.io/name': 'istiod', 'helm.toolkit.fluxcd.io/namespace': 'flux-system' };
  const helmOwned = async (): Promise<string[]> => {
    const { items } = await admin.list(
      { apiVersion: 'v1', kind: 'Secret' },
      { namespace: MESH_NAMESPACE, labelSelector: 'owner=helm' },
    );
    return items.map(({ metadata }) => metadata.name).sort();
  };

  /** Which chart renders what. */
  const asReleased = (object: KubeObject): KubeObject => {
    const { labels = {}, name } = object.metadata;
    const isBase = labels['helm.sh/chart']?.startsWith('base-') === true || name === 'istiod-default-validator';
    const release = isBase ? 'base' : 'istiod';
    const annotations = { 'meta.helm.sh/release-name': release, 'meta.helm.sh/release-namespace': MESH_NAMESPACE };
    return withMetadata(object, { 'app.kubernetes.io/instance': release, ...FLUX }, annotations);
  };

  beforeAll(async () => {
    await environment.kubectl(['delete', 'deployment,service,hpa', '--all', '-n', MESH_NAMESPACE]);
    // Else istioctl would hold fields of them as well.
    const configurations = 'mutatingwebhookconfiguration,validatingwebhookconfiguration';
    await environment.kubectl(['delete', configurations, '-l', 'install.operator.istio.io/owning-resource=unknown']);
    for (const kind of ['role', 'rolebinding', 'serviceaccount']) {
      await environment.kubectl([
        'delete',
        kind,
        '-n',
        MESH_NAMESPACE,
        '-l',
        'app.kubernetes.io/name=istio-ingressgateway',
      ]);
    }
    const objects = await mesh.render({
      ...SPEC,
      profile: 'minimal',
      components: {},
      values: { defaultRevision: 'default' },
    });
    await mesh.install(objects.map(asReleased), 'helm');
    for (const secret of [
      releaseSecret('istiod', { meshConfig: { accessLogFile: '/dev/stdout' } }),
      releaseSecret('base', {}),
    ]) {
      await environment.kubectl(['apply', '-f', '-'], JSON.stringify(secret));
    }
  });

  it('is not touched while Flux still writes it', async () => {
    const { code, err } = await mesh.adopt('--yes');
    expect(code).toBe(1);
    expect(err).toContain('HelmRelease flux-system/istiod of Flux still writes');
    expect(err).toContain('nothing was written');
    expect(await helmOwned()).toEqual(['sh.helm.release.v1.base.v1', 'sh.helm.release.v1.istiod.v1']);
  });

  it('becomes ours, and Helm does not know it any more', async () => {
    const { code, err, out } = await mesh.adopt('--yes', '--despite-writers', '--timeout', '120');
    expect([code, err, out]).toEqual([
      0,
      expect.stringContaining('hid from Helm: istio-system/base, istio-system/istiod'),
      expect.anything(),
    ]);
    expect(await helmOwned()).toEqual([]);
    const service = await mesh.get(ref('v1', 'Service', 'istiod'));
    expect(service.metadata.annotations ?? {}).not.toHaveProperty(['meta.helm.sh/release-name']);
  });

  it('goes back to Helm', async () => {
    const { code, err } = await mesh.adopt('--undo', '--timeout', '120');
    expect([code, err]).toEqual([0, expect.stringContaining('gave back')]);
    expect(await helmOwned()).toEqual(['sh.helm.release.v1.base.v1', 'sh.helm.release.v1.istiod.v1']);
    const service = await mesh.get(ref('v1', 'Service', 'istiod'));
    expect(service.metadata.annotations).toMatchObject({ 'meta.helm.sh/release-name': 'istiod' });
    expect(managersOf(service)).toContain('helm Apply');
  });
});
