import { fetchPrecheckFacts } from '../../controllers/istio-operator/fetch-precheck-facts.ts';
import { describeInjectorConflict, findInjectorConflicts } from '../../core/inject/injector-conflicts.ts';
import type { IstioRelease } from '../../core/istio/release.ts';
import { refOf, type JsonObject, type KubeObject } from '../../core/kube-object.ts';
import { isOwnedBy } from '../../core/plan/owner-labels.ts';
import type { PrecheckFacts } from '../../core/precheck/facts.ts';
import { formatProblem } from '../../core/problem.ts';
import { render } from '../../core/render/render.ts';
import { INJECTOR_KIND } from '../../core/webhook-configuration.ts';
import type { KubeApi } from '../../kube/kube-api.ts';
import { renderedPart } from '../../operator/render-resource.ts';
import { InputError } from '../shell/input-error.ts';

/** Kinds whose state tells whether the mesh has room. */
const LOOKED_AT = new Set(['Deployment', 'HorizontalPodAutoscaler', 'PodDisruptionBudget']);

interface Step {
  from: IstioRelease;
  to: IstioRelease;
}

/** What the cluster and the resource say before an upgrade. @throws ApiError, InputError */
export async function fetchFacts(api: KubeApi, resource: KubeObject | undefined, step: Step): Promise<PrecheckFacts> {
  const kubeVersion = await api.serverVersion();
  const rendered = resource ? renderFor(resource, step.to, kubeVersion) : undefined;
  const { variables = [], warnings = [], objects = [], revision = '' } = rendered ?? {};
  return {
    ...step,
    kubeVersion,
    variables,
    warnings,
    workloads: await fetchWorkloads(api, objects),
    conflicts: resource ? await fetchConflicts(api, resource, objects) : [],
    ...(await fetchPrecheckFacts(api, { ...step, revision: revision || 'default' })),
  };
}

interface RenderedFor extends Pick<PrecheckFacts, 'variables' | 'warnings'> {
  objects: readonly KubeObject[];
  revision: string;
}

function renderFor(resource: KubeObject, to: IstioRelease, kubeVersion: string): RenderedFor {
  const documents = [renderedPart(resource) as unknown as JsonObject];
  const result = render({ documents }, { form: 'sailwright', kubeVersion, istioVersion: to.name });
  if (!result.ok) {
    const { name, namespace = '' } = resource.metadata;
    const problems = result.problems.map(formatProblem).join('; ');
    throw new InputError(`IstioOperator ${namespace}/${name} cannot be rendered for ${to.name}: ${problems}`);
  }
  const { variables, revision, components } = result.value;
  return { variables, revision, warnings: result.warnings, objects: components.flatMap((part) => part.objects) };
}

async function fetchWorkloads(api: KubeApi, objects: readonly KubeObject[]): Promise<KubeObject[]> {
  const wanted = objects.filter(({ kind }) => LOOKED_AT.has(kind));
  const found = await Promise.all(wanted.map((object) => api.get(refOf(object))));
  return found.filter((object) => object !== undefined);
}

async function fetchConflicts(api: KubeApi, resource: KubeObject, objects: readonly KubeObject[]): Promise<string[]> {
  const owner = { name: resource.metadata.name, namespace: resource.metadata.namespace ?? '' };
  const ours = objects.filter(({ kind }) => kind === INJECTOR_KIND.kind);
  const { items } = await api.list(INJECTOR_KIND);
  const others = items.filter((injector) => !isOwnedBy(injector, owner));
  return findInjectorConflicts(ours, others).map(describeInjectorConflict);
}
