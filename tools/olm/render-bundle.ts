import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parse, stringify } from 'yaml';
import type { JsonObject, KubeObject } from '../../src/core/kube-object.ts';
import { operatorObjects } from '../../src/cli/install/read-config.ts';
import { OLDEST_KUBE_MINOR } from '../release/oldest-kube-minor.ts';
import { CONFIG } from '../release/read-manifests.ts';

const NAME = 'sailwright';
/** No version is stable before 1.0. */
const CHANNEL = 'candidate';
/** Resources that stand for each kind in a console, below the root of the project. */
const EXAMPLES = [
  'config/samples/istiooperator-default.yaml',
  'samples/canary/shift.yaml',
  'samples/mtls/migration.yaml',
];
/** Of config/default, what a bundle may hold as it is. */
const AS_IT_IS = ['Service', 'PodDisruptionBudget', 'CustomResourceDefinition'];

const DESCRIPTION = `Installs Istio from an \`IstioOperator\` resource, keeps it as the resource says, injects sidecars and judges
configuration by itself.

Install it in the namespace \`sailwright-system\`, for all namespaces. What judges IstioOperators when they are written is
no part of a bundle: apply \`config/webhook/istio-operator-webhook.yaml\` beside it.`;

interface Binding extends KubeObject {
  roleRef: { kind: string; name: string };
  subjects: { kind: string; name: string }[];
}
interface Role extends KubeObject {
  rules: JsonObject[];
}
interface Definition extends KubeObject {
  spec: {
    names: { kind: string };
    versions: { name: string; schema: { openAPIV3Schema: { description?: string } } }[];
  };
}

/** What the Operator Lifecycle Manager installs this version from, by path within the bundle's folder, made from config/. */
export function renderBundle(version: string, image: string): Map<string, string> {
  const objects = operatorObjects(CONFIG, image);
  const bound = new Set(bindingsOf(objects).map(({ roleRef }) => roleRef.name));
  // Roles for people; those of the operator are in the ClusterServiceVersion.
  const isForPeople = ({ kind, metadata }: KubeObject): boolean => kind === 'ClusterRole' && !bound.has(metadata.name);
  const plain = objects.filter((object) => AS_IT_IS.includes(object.kind) || isForPeople(object));
  return new Map([
    ['metadata/annotations.yaml', print({ annotations: annotations() })],
    [`manifests/${NAME}.clusterserviceversion.yaml`, print(renderVersion(objects, version, image))],
    ...plain.map((object): [string, string] => [
      `manifests/${object.metadata.name}.${object.kind.toLowerCase()}.yaml`,
      print(withoutNamespace(object)),
    ]),
  ]);
}

function annotations(): Record<string, string> {
  const of = 'operators.operatorframework.io.bundle';
  return {
    [`${of}.mediatype.v1`]: 'registry+v1',
    [`${of}.manifests.v1`]: 'manifests/',
    [`${of}.metadata.v1`]: 'metadata/',
    [`${of}.package.v1`]: NAME,
    [`${of}.channels.v1`]: CHANNEL,
    [`${of}.channel.default.v1`]: CHANNEL,
  };
}

function renderVersion(objects: readonly KubeObject[], version: string, image: string): JsonObject {
  const definitions = objects.filter(({ kind }) => kind === 'CustomResourceDefinition') as Definition[];
  return {
    apiVersion: 'operators.coreos.com/v1alpha1',
    kind: 'ClusterServiceVersion',
    metadata: {
      name: `${NAME}.v${version}`,
      annotations: {
        'alm-examples': JSON.stringify(EXAMPLES.map(readExample), null, 2),
        capabilities: 'Deep Insights',
        categories: 'Networking',
        containerImage: image,
        'operatorframework.io/suggested-namespace': 'sailwright-system',
      },
    },
    spec: {
      displayName: 'Sailwright',
      description: DESCRIPTION,
      version,
      minKubeVersion: `1.${OLDEST_KUBE_MINOR}.0`,
      maturity: 'alpha',
      keywords: ['istio', 'service mesh'],
      provider: { name: 'Sailwright' },
      installModes: ['OwnNamespace', 'SingleNamespace', 'MultiNamespace', 'AllNamespaces'].map((type) => ({
        type,
        supported: type === 'AllNamespaces',
      })),
      customresourcedefinitions: { owned: definitions.map(describeDefinition) },
      install: {
        strategy: 'deployment',
        spec: {
          permissions: permissionsBy('RoleBinding', objects),
          clusterPermissions: permissionsBy('ClusterRoleBinding', objects),
          deployments: objects
            .filter(({ kind }) => kind === 'Deployment')
            .map(({ metadata, spec }) => ({ name: metadata.name, label: metadata.labels, spec })),
        },
      },
    } as JsonObject,
  };
}

function readExample(path: string): JsonObject {
  return parse(readFileSync(join(CONFIG, '..', path), 'utf8')) as JsonObject;
}

function describeDefinition({ metadata, spec: { names, versions } }: Definition): JsonObject {
  const [{ name = '', schema } = {}] = versions;
  const description = schema?.openAPIV3Schema.description ?? 'Findings of the operator about a namespace.';
  return { name: metadata.name, kind: names.kind, displayName: names.kind, version: name, description };
}

function bindingsOf(objects: readonly KubeObject[]): Binding[] {
  return objects.filter(({ kind }) => kind.endsWith('RoleBinding')) as Binding[];
}

/** What bindings of the kind give to the operator's account. */
function permissionsBy(kind: string, objects: readonly KubeObject[]): JsonObject[] {
  const roles = new Map(objects.map((object) => [`${object.kind} ${object.metadata.name}`, object]));
  const rules = bindingsOf(objects)
    .filter((binding) => binding.kind === kind)
    .flatMap(({ roleRef }) => (roles.get(`${roleRef.kind} ${roleRef.name}`) as Role).rules);
  return [{ serviceAccountName: NAME, rules }];
}

/** The manager installs into the namespace of the subscription. */
function withoutNamespace(object: KubeObject): KubeObject {
  const { namespace: _, ...metadata } = object.metadata;
  return { ...object, metadata };
}

function print(object: unknown): string {
  return stringify(object, { lineWidth: 0, aliasDuplicateObjects: false });
}
