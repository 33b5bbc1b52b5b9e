// Nobody gets more through an IstioOperator than they could do themselves: people with few rights against the API
// server, with the webhook in the way and without it.
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { Forwarder } from '../../testbed/forwarder.ts';
import type { OperatorProcess } from '../../testbed/operator-process.ts';
import { waitFor } from '../../testbed/wait.ts';
import { waitForEnforced } from './support/enforced.ts';
import { Environment } from './support/environment.ts';
import { istioOperatorWebhook } from './support/istio-operator-webhook.ts';
import { startReachedOperator } from './support/reached-operator.ts';
import { applySample, MESH_NAME, MESH_NAMESPACE, waitForCondition } from './support/resource.ts';

const SHOP = 'rights-shop';
const LABEL = 'sailwright.dev/control-plane-namespace';
const POD = 'spec.template.spec';
const RBAC = 'rbac.authorization.k8s.io';

let environment: Environment;
let forwarder: Forwarder;
let operator: OperatorProcess;

beforeAll(async () => {
  environment = await Environment.start();
  forwarder = await Forwarder.start();
  // Only the rights of the requester stand in the way: the installation permits everything.
  operator = await startOperator('rights-1', ['--allow-privileged-settings=true']);
  await applySample('default');
  await waitForCondition('Ready');
  await environment.kubectl(['create', 'namespace', SHOP]);
  await bind('eve', 'admin', SHOP);
  await bind('eve', 'sailwright-istiooperator-editor', SHOP);
  await bind('mallory', 'sailwright-istiooperator-editor', MESH_NAMESPACE);
  await apply(istioOperatorWebhook(`https://127.0.0.1:${forwarder.port}`));
  await waitForEnforced(environment.kubectl, 'test-istiooperator');
});

afterAll(async () => {
  await environment.stop();
  await forwarder.stop();
});

function startOperator(name: string, flags: string[]): Promise<OperatorProcess> {
  return startReachedOperator(environment, forwarder, { name, flags });
}

async function bind(user: string, clusterRole: string, namespace: string): Promise<void> {
  const name = `${user}-${clusterRole}`;
  await environment.kubectl([
    'create',
    'rolebinding',
    name,
    '-n',
    namespace,
    `--clusterrole=${clusterRole}`,
    `--user=${user}`,
  ]);
}

function apply(object: object, ...flags: string[]): Promise<string> {
  return environment.kubectl(['apply', '-f', '-', ...flags], JSON.stringify(object));
}

function istioOperator(namespace: string, spec: object, name = MESH_NAME): object {
  return { apiVersion: 'install.istio.io/v1alpha1', kind: 'IstioOperator', metadata: { name, namespace }, spec };
}

/** Replaces the spec of the mesh as somebody; a dry run: admission is all that is asked. */
function changeAs(user: string, spec: object): Promise<string> {
  const metadata = { name: MESH_NAME, namespace: MESH_NAMESPACE };
  const patch = JSON.stringify([{ op: 'replace', path: '/spec', value: spec }]);
  const args = ['patch', 'iop', metadata.name, '-n', metadata.namespace, '--type=json', '-p', patch];
  return environment.kubectl([...args, '--dry-run=server', '--as', user]);
}

const createAs = (user: string, namespace: string, spec: object): Promise<string> =>
  environment.kubectl(['create', '-f', '-', '--as', user], JSON.stringify(istioOperator(namespace, spec)));

function overlay(kind: string, name: string, path: string, value: unknown): object {
  return { components: { pilot: { k8s: { overlays: [{ kind, name, patches: [{ path, value }] }] } } } };
}

/** What was done on the embedded cluster: a privileged pod of the host under a controller's account. */
const hostPod = (namespace: string): object => ({
  profile: 'empty',
  components: {
    pilot: {
      enabled: true,
      namespace,
      k8s: {
        overlays: [
          {
            kind: 'Deployment',
            name: 'istiod',
            patches: [
              { path: `${POD}.serviceAccountName`, value: 'generic-garbage-collector' },
              { path: `${POD}.hostPID`, value: true },
              { path: `${POD}.containers.[name:discovery].securityContext.privileged`, value: true },
            ],
          },
        ],
      },
    },
  },
});

describe('rights at admission', () => {
  it('are not part of the roles that namespaces are given away with', async () => {
    await environment.kubectl(['create', 'namespace', 'rights-plain']);
    for (const role of ['admin', 'edit']) await bind(`plain-${role}`, role, 'rights-plain');
    for (const user of ['plain-admin', 'plain-edit']) {
      const question = [
        'auth',
        'can-i',
        'create',
        'istiooperators.install.istio.io',
        '-n',
        'rights-plain',
        '--as',
        user,
      ];
      await expect(environment.kubectl(question)).rejects.toThrow();
    }
  });

  it('do not help in a namespace that is not one for control planes', async () => {
    await expect(createAs('eve', SHOP, hostPod('kube-system'))).rejects.toThrow(
      /metadata\.namespace: namespace rights-shop is not one for IstioOperators[^]*sailwright\.dev\/control-plane-namespace=true/,
    );
  });

  it('end where the requester’s own rights end, in a namespace that is one', async () => {
    await environment.kubectl(['label', 'namespace', SHOP, 'kube-system', `${LABEL}=true`]);
    const refusal = await waitFor('the labels to be seen', async () => {
      const text = await createAs('eve', SHOP, hostPod('kube-system')).catch(String);
      return text.includes('is not one for IstioOperators') ? undefined : text;
    });
    expect(refusal).toMatch(
      // Which of the many missing rights are named depends on which answers come first.
      /user "eve" asks the operator for what they may not do themselves; missing rights:[^]*create, patch [a-z.]+ in /,
    );
    await environment.kubectl(['label', 'namespace', SHOP, 'kube-system', `${LABEL}-`]);
  });

  const istiodRole = 'istiod-clusterrole-istio-system';
  it.each<[what: string, spec: object, missing: RegExp]>([
    [
      'rules of a role',
      overlay('ClusterRole', istiodRole, 'rules.[-1]', { apiGroups: ['*'], resources: ['*'], verbs: ['*'] }),
      /escalate clusterroles[^]*or \* \*\.\* in the whole cluster/,
    ],
    [
      'subjects of a binding',
      overlay('ClusterRoleBinding', istiodRole, 'subjects.[-1]', { kind: 'User', name: 'mallory', apiGroup: RBAC }),
      /bind clusterroles[^]*istiod-clusterrole-istio-system/,
    ],
    [
      'the role of a binding',
      overlay('ClusterRoleBinding', istiodRole, 'roleRef.name', 'cluster-admin'),
      /bind clusterroles\.rbac\.authorization\.k8s\.io "cluster-admin" in the whole cluster/,
    ],
    [
      'a ServiceAccount',
      overlay('Deployment', 'istiod', `${POD}.serviceAccountName`, 'default'),
      /patch deployments\.apps/,
    ],
    ['the host’s network', overlay('Deployment', 'istiod', `${POD}.hostNetwork`, true), /patch deployments\.apps/],
    ['an image', { hub: 'evil.example', profile: 'default' }, /patch (deployments\.apps|configmaps)/],
    [
      'a path of the host, by values',
      { values: { pilot: { volumes: [{ name: 'v', hostPath: { path: '/' } }] } } },
      /patch deployments\.apps in namespace istio-system/,
    ],
    [
      'where webhooks lead',
      overlay('MutatingWebhookConfiguration', 'istio-sidecar-injector', 'webhooks.[0].clientConfig', {
        url: 'https://evil.example',
      }),
      /patch mutatingwebhookconfigurations/,
    ],
    [
      'the template of every sidecar',
      { values: { sidecarInjectorWebhook: { templates: { evil: 'spec: {hostNetwork: true}' } } } },
      /patch configmaps in namespace istio-system/,
    ],
    [
      'a gateway among other people’s work',
      { components: { ingressGateways: [{ name: 'gw', enabled: true, namespace: SHOP }] } },
      /create, patch (deployments\.apps|serviceaccounts) in namespace rights-shop/,
    ],
    [
      'an object of another kind',
      overlay('ConfigMap', 'istio', 'kind', 'Secret'),
      /\* \*\.\* in the whole cluster \(for Secret istio-system\/istio\)/,
    ],
    [
      'the removal of the gateway',
      { components: { ingressGateways: [{ name: 'istio-ingressgateway', enabled: false }] } },
      /delete deployments\.apps/,
    ],
  ])('are not lent for %s', async (_what, spec, missing) => {
    await expect(changeAs('mallory', spec)).rejects.toThrow(missing);
  });

  it('are not needed for scale and place, nor for labels', async () => {
    const k8s = { replicaCount: 2, resources: { requests: { cpu: '100m' } }, nodeSelector: { a: 'b' } };
    await changeAs('mallory', { profile: 'default', components: { pilot: { k8s } } });
    await environment.kubectl(['label', 'iop', MESH_NAME, '-n', MESH_NAMESPACE, 'a=b', '--as', 'mallory']);
  });

  it('are enough as far as the requester holds them', async () => {
    const spec = { profile: 'default', meshConfig: { accessLogFile: '/dev/stdout' } };
    await expect(changeAs('mallory', spec)).rejects.toThrow('patch configmaps in namespace istio-system');
    const role = ['create', 'role', 'mesh-config', '-n', MESH_NAMESPACE, '--verb=patch', '--resource=configmaps'];
    await environment.kubectl(role);
    const binding = [
      'create',
      'rolebinding',
      'mesh-config',
      '-n',
      MESH_NAMESPACE,
      '--role=mesh-config',
      '--user=mallory',
    ];
    await environment.kubectl(binding);
    await changeAs('mallory', spec);
  });

  it('let a GitOps controller install, be it an administrator of the cluster or one that may escalate and bind', async () => {
    const account = (name: string): string => `system:serviceaccount:${SHOP}:${name}`;
    await environment.kubectl([
      'create',
      'clusterrolebinding',
      'rights-argo',
      '--clusterrole=cluster-admin',
      `--serviceaccount=${SHOP}:argo`,
    ]);
    const installer = {
      apiVersion: `${RBAC}/v1`,
      kind: 'ClusterRole',
      metadata: { name: 'rights-flux' },
      rules: [
        {
          apiGroups: [
            '',
            'apps',
            'policy',
            'autoscaling',
            'apiextensions.k8s.io',
            'admissionregistration.k8s.io',
            RBAC,
            'install.istio.io',
          ],
          resources: ['*'],
          verbs: ['create', 'get', 'patch', 'delete', 'escalate', 'bind'],
        },
      ],
    };
    await apply(installer);
    await environment.kubectl([
      'create',
      'clusterrolebinding',
      'rights-flux',
      '--clusterrole=rights-flux',
      `--serviceaccount=${SHOP}:flux`,
    ]);
    for (const name of ['argo', 'flux']) {
      const began = performance.now();
      await environment.kubectl(
        ['create', '-f', '-', '--dry-run=server', '--as', account(name)],
        JSON.stringify(istioOperator(MESH_NAMESPACE, { profile: 'demo', revision: name }, name)),
      );
      console.log(`${name}: admitted after ${Math.round(performance.now() - began)} ms, kubectl included`);
    }
  });
});

describe('with the webhook passed by', () => {
  beforeAll(async () => {
    await environment.kubectl(['delete', 'validatingwebhookconfiguration', 'test-istiooperator']);
    await environment.kubectl(['label', 'namespace', SHOP, 'kube-system', `${LABEL}-`]);
    await operator.stop();
    operator = await startOperator('rights-2', []);
  });

  const fetchStalled = async (namespace: string, name = MESH_NAME): Promise<string> => {
    const path = 'jsonpath={range .status.conditions[?(@.type=="Stalled")]}{.status} {.reason} {.message}{end}';
    return environment.kubectl(['get', 'iop', name, '-n', namespace, '-o', path]);
  };
  const waitForStalled = (namespace: string, reason: string): Promise<unknown> =>
    waitFor(`${namespace} to be stalled by ${reason}`, async () =>
      (await fetchStalled(namespace)).startsWith(`True ${reason} `),
    );

  it('applies nothing from a namespace that is not allowed, and lets it go', async () => {
    await createAs('eve', SHOP, hostPod('kube-system'));
    await waitForStalled(SHOP, 'NamespaceNotAllowed');
    const made = await environment.kubectl([
      'get',
      'deployment,configmap,sa',
      '-n',
      'kube-system',
      '-l',
      'sailwright.dev/managed',
      '-o',
      'name',
    ]);
    expect(made).toBe('');
    const finalizers = await environment.kubectl([
      'get',
      'iop',
      MESH_NAME,
      '-n',
      SHOP,
      '-o',
      'jsonpath={.metadata.finalizers}',
    ]);
    expect(finalizers).toBe('');
  });

  it('looks again when the label comes, and at where the control plane would be', async () => {
    await environment.kubectl(['label', 'namespace', SHOP, `${LABEL}=true`]);
    await waitFor('the control plane to be what is wrong', async () =>
      (await fetchStalled(SHOP)).startsWith('True NamespaceNotAllowed spec.components.pilot: namespace kube-system'),
    );
    await environment.kubectl(['label', 'namespace', 'kube-system', `${LABEL}=true`]);
    await waitForStalled(SHOP, 'SettingNotPermitted');
    await environment.kubectl(['label', 'namespace', SHOP, 'kube-system', `${LABEL}-`]);
    await waitForStalled(SHOP, 'NamespaceNotAllowed');
  });

  it('does not let what is refused hold objects of the mesh', async () => {
    await environment.kubectl(['delete', 'iop', MESH_NAME, '-n', MESH_NAMESPACE, '--timeout=60s']);
    const patch = JSON.stringify({ spec: { components: { pilot: { namespace: MESH_NAMESPACE } } } });
    await environment.kubectl(['patch', 'iop', MESH_NAME, '-n', SHOP, '--type=merge', '-p', patch]);
    await applySample('default');
    await waitForCondition('Ready');
    await environment.kubectl(['delete', 'iop', MESH_NAME, '-n', SHOP, '--timeout=30s']);
  });

  it('stalls what this installation does not permit, and leaves what runs', async () => {
    const role = (): Promise<string> =>
      environment.kubectl([
        'get',
        'clusterrole',
        'istiod-clusterrole-istio-system',
        '-o',
        'jsonpath={.metadata.resourceVersion}',
      ]);
    const before = await role();
    const spec = overlay('ClusterRole', 'istiod-clusterrole-istio-system', 'rules.[-1]', {
      apiGroups: [''],
      resources: ['secrets'],
      verbs: ['delete'],
    });
    await apply(istioOperator(MESH_NAMESPACE, { profile: 'default', ...spec }));
    await waitForStalled(MESH_NAMESPACE, 'SettingNotPermitted');
    expect(await fetchStalled(MESH_NAMESPACE)).toContain('spec.components.pilot.k8s: sets rules of ClusterRole');
    expect(await role()).toBe(before);
  });
});
