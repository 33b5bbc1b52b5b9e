import { ISTIO_OPERATOR } from '../../api/install/istio-operator-kind.ts';
import { propose, type RenderFormer } from '../../core/hand-over/propose.ts';
import { translateHelm } from '../../core/hand-over/translate-helm.ts';
import { translateValues } from '../../core/hand-over/translate-values.ts';
import type { Translation } from '../../core/hand-over/translation.ts';
import { isJsonObject, type JsonObject, type KubeObject } from '../../core/kube-object.ts';
import { formatProblem, type Result } from '../../core/problem.ts';
import { renderUntried } from '../../core/render/render-untried.ts';
import { printed } from '../../core/values/value-tree.ts';
import { InputError } from '../shell/input-error.ts';
import type { FormerMesh } from './find-mesh.ts';

/** The resource that would be written, where it comes from, and what it cannot keep. */
export interface Proposed {
  resource: KubeObject;
  /** `releases of Helm: istio-system/base, istio-system/istiod`. */
  source: string;
  notes: string[];
  /** Whether the resource is there already, of Istio's former operator. */
  exists: boolean;
}

/** What the resource is to be called, and what it is made of in place of what is there. */
export interface ProposalWish {
  name: string | undefined;
  /** Of a file; undefined to make it from what is there. */
  given: JsonObject | undefined;
  kubeVersion: string | undefined;
}

/** The resource that stands for a mesh. @throws InputError when none can be made */
export function proposeResource(mesh: FormerMesh, { name, given, kubeVersion }: ProposalWish): Proposed {
  const usual = mesh.revision === '' ? 'istio' : `istio-${mesh.revision}`;
  if (given) return ofFile(mesh, given, name ?? usual);
  if (mesh.resource) return ofFormerOperator(mesh.resource);
  const version = kubeVersion === undefined ? {} : { kubeVersion };
  const render: RenderFormer = (resource) =>
    renderUntried({ documents: [{ ...resource }] }, { form: 'upstream', ...version }).result;
  const { translation, source } = translate(mesh, render);
  const proposal = unwrap(propose(translation, mesh.objects, render), source);
  const metadata = { ...proposal.resource.metadata, name: name ?? usual, namespace: mesh.namespace };
  return {
    resource: { ...KIND, metadata, spec: proposal.resource.spec },
    source,
    notes: proposal.notes,
    exists: false,
  };
}

const KIND = { apiVersion: ISTIO_OPERATOR.apiVersion, kind: ISTIO_OPERATOR.kind };

function ofFile(mesh: FormerMesh, document: JsonObject, usual: string): Proposed {
  const metadata = isJsonObject(document['metadata']) ? document['metadata'] : {};
  const { name = usual, namespace = mesh.namespace, annotations } = metadata;
  const kept = isJsonObject(annotations) ? { annotations: annotations as Record<string, string> } : {};
  const identity = { name: printed(name), namespace: printed(namespace) };
  return {
    resource: { ...KIND, metadata: { ...identity, ...kept }, spec: document['spec'] ?? {} },
    source: 'the file',
    notes: [],
    exists: mesh.resource !== undefined && mesh.resource.metadata.name === identity.name,
  };
}

function ofFormerOperator({ metadata: { name, namespace = '', annotations }, spec }: KubeObject): Proposed {
  const metadata = { name, namespace, ...(annotations ? { annotations } : {}) };
  const source = `IstioOperator ${namespace}/${name} of another operator`;
  return { resource: { ...KIND, metadata, spec }, source, notes: [], exists: true };
}

function translate(mesh: FormerMesh, render: RenderFormer): { translation: Translation; source: string } {
  if (mesh.releases.length > 0) {
    const names = mesh.releases.map(({ namespace, name }) => `${namespace}/${name}`).join(', ');
    return { translation: translateHelm(mesh.releases), source: `releases of Helm: ${names}` };
  }
  const suffix = mesh.revision === '' ? '' : `-${mesh.revision}`;
  const original = readOriginal(mesh, `values${suffix}`);
  const profileValues = (profile: string): JsonObject | undefined => valuesOfProfile(profile, render);
  return {
    translation: translateValues(original, mesh.objects, profileValues),
    source: `ConfigMap ${mesh.namespace}/values${suffix} of istioctl`,
  };
}

function readOriginal({ objects, namespace }: FormerMesh, name: string): JsonObject {
  const found = objects.find(({ kind, metadata }) => kind === 'ConfigMap' && metadata.name === name);
  const original = found && originalValues(found);
  if (original) return original;
  throw new InputError(
    `ConfigMap ${namespace}/${name} does not tell what the mesh was made from (Istio writes it since 1.30): ` +
      'give the IstioOperator with -f',
  );
}

function originalValues({ data }: KubeObject): JsonObject | undefined {
  const text = isJsonObject(data) ? data['original-values'] : undefined;
  try {
    const values: unknown = JSON.parse(printed(text));
    return isJsonObject(values) ? values : undefined;
  } catch {
    return undefined;
  }
}

function valuesOfProfile(profile: string, render: RenderFormer): JsonObject | undefined {
  const result = render({ metadata: {}, spec: { profile } });
  if (!result.ok) return undefined;
  const objects = result.value.components.flatMap((component) => component.objects);
  const found = objects.find(({ kind, metadata }) => kind === 'ConfigMap' && metadata.name === 'values');
  return found && originalValues(found);
}

function unwrap<T>(result: Result<T>, source: string): T {
  if (result.ok) return result.value;
  const problems = result.problems.map(formatProblem).join('; ');
  throw new InputError(`what ${source} ask for cannot be rendered: ${problems}; give a resource of your own with -f`);
}
