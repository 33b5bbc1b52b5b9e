// The bundle as it is made: test/integration/olm.test.ts has it judged by the manager's own rules.
import { expect, it } from 'vitest';
import { parse } from 'yaml';
import type { KubeObject } from '../../src/core/kube-object.ts';
import { readManifests } from '../release/read-manifests.ts';
import { renderBundle } from './render-bundle.ts';

interface ServiceVersion extends KubeObject {
  spec: {
    install: {
      spec: {
        permissions: { rules: unknown[] }[];
        clusterPermissions: { rules: unknown[] }[];
        deployments: { name: string; spec: { template: unknown } }[];
      };
    };
  };
}

const files = [...renderBundle('1.2.3', 'reg.example/sw:1.2.3')];
const objects = files.filter(([path]) => path.startsWith('manifests/')).map(([, text]) => parse(text) as KubeObject);
const version = objects.find(({ kind }) => kind === 'ClusterServiceVersion') as ServiceVersion;
const { permissions, clusterPermissions, deployments } = version.spec.install.spec;

it('holds config/default, but what a bundle may not hold', () => {
  const held = new Set(objects.map(({ kind, metadata }) => `${kind} ${metadata.name}`));
  const left = readManifests('default')
    .map(({ object }) => object)
    .filter(({ kind, metadata }) => !held.has(`${kind} ${metadata.name}`));
  expect([...new Set(left.map(({ kind }) => kind))].sort()).toEqual([
    // In the ClusterServiceVersion.
    'ClusterRole',
    'ClusterRoleBinding',
    'Deployment',
    // Made by the manager, or beside the bundle.
    'Namespace',
    'NetworkPolicy',
    'Role',
    'RoleBinding',
    'ServiceAccount',
    'ValidatingWebhookConfiguration',
  ]);
});

it('gives the operator what its bindings give, and no more', () => {
  const rulesOf = (kind: string): unknown[] => {
    const bindings = readManifests('default').filter(({ object }) => object.kind === `${kind}Binding`);
    const names = bindings.map(({ object }) => (object['roleRef'] as { name: string }).name);
    return readManifests('default')
      .filter(({ object }) => object.kind === kind && names.includes(object.metadata.name))
      .flatMap(({ object }) => object['rules'] as unknown[]);
  };
  expect(permissions[0]?.rules).toEqual(expect.arrayContaining(rulesOf('Role')));
  expect(permissions[0]?.rules).toHaveLength(rulesOf('Role').length);
  expect(clusterPermissions[0]?.rules).toEqual(expect.arrayContaining(rulesOf('ClusterRole')));
  expect(clusterPermissions[0]?.rules).toHaveLength(rulesOf('ClusterRole').length);
});

it('runs the operator as config/manager does, with the image of the release', () => {
  expect(deployments.map(({ name }) => name)).toEqual(['sailwright']);
  expect(JSON.stringify(deployments)).toContain('"image":"reg.example/sw:1.2.3"');
});

it('names no namespace, which is that of the subscription', () => {
  expect(objects.filter(({ metadata }) => metadata.namespace !== undefined)).toEqual([]);
});
