import { createHash } from 'node:crypto';
import { ISTIO_OPERATOR } from '../../api/install/istio-operator-kind.ts';
import { createMemory, type PlanScope } from '../../controllers/istio-operator/dependencies.ts';
import type { JsonObject, KubeObject } from '../../core/kube-object.ts';
import type { Owner } from '../../core/plan/owner-labels.ts';
import type { Result } from '../../core/problem.ts';
import type { Rendered, RenderOptions } from '../../core/render/index.ts';
import { render } from '../../core/render/render.ts';
import type { OperatorInput } from '../../core/render/composition/operator-tree.ts';
import { isKindNotServed } from '../../kube/errors.ts';
import { InstallationPolicy } from '../../kube/installation-policy.ts';
import type { KubeApi } from '../../kube/kube-api.ts';
import type { ImageDefaults } from '../../operator/image-defaults.ts';
import { renderedPart } from '../../operator/render-resource.ts';
import { createSilentLog } from '../../telemetry/log.ts';
import { fetchRunningOperator, type RunningOperator } from './running-operator.ts';

/** The cluster, and the operator in it. */
export interface World {
  api: KubeApi;
  running: RunningOperator;
  /** The resource as it is in the cluster. */
  stored: KubeObject | undefined;
  options: RenderOptions;
}

/** What is to be compared. */
export interface DiffInput extends OperatorInput {
  /** The release to render, in place of the one that the files name or that is installed. */
  istioVersion?: string;
}

/** @throws ApiError */
export async function openWorld(api: KubeApi, owner: Owner, usual: ImageDefaults): Promise<World> {
  const [kubeVersion, stored, running] = await Promise.all([
    api.serverVersion(),
    fetchStored(api, owner),
    fetchRunningOperator(api, usual),
  ]);
  const { endpoint: webhookEndpoint, imageDefaults: defaults } = running;
  return { api, running, stored, options: { form: 'sailwright', kubeVersion, webhookEndpoint, defaults } };
}

async function fetchStored(api: KubeApi, owner: Owner): Promise<KubeObject | undefined> {
  try {
    return await api.get({ ...ISTIO_OPERATOR, ...owner });
  } catch (error) {
    if (isKindNotServed(error)) return undefined;
    throw error;
  }
}

/** What the operator would render, by what the cluster has of the resource: which release is asked for and installed. */
export function renderInput({ istioVersion, ...input }: DiffInput, { stored, options }: World): Result<Rendered> {
  const documents: JsonObject[] = input.documents.map(({ status: _, ...document }) => document);
  if (stored) {
    const { metadata, status } = renderedPart(stored) as unknown as Record<string, JsonObject>;
    if (metadata) documents.unshift({ metadata });
    if (status) documents.push({ status });
  }
  return render({ ...input, documents }, { ...options, ...(istioVersion === undefined ? {} : { istioVersion }) });
}

/** Of all files together. */
function annotationsOf(documents: readonly JsonObject[]): Record<string, string> {
  const metadata = documents.map((document) => (document['metadata'] ?? {}) as Partial<KubeObject['metadata']>);
  return Object.assign({}, ...metadata.map(({ annotations }) => annotations)) as Record<string, string>;
}

/** The pass that the operator would begin if the resource were stored as it is here. */
export function openScope(
  { api, running, stored, options }: World,
  owner: Owner,
  documents: readonly JsonObject[],
): PlanScope {
  const before = stored ?? newResource(owner);
  const { metadata } = before;
  const merged = { ...metadata, annotations: { ...metadata.annotations, ...annotationsOf(documents) } };
  return {
    deps: {
      api,
      render: (other) => render({ documents: [renderedPart(other) as unknown as JsonObject] }, options),
      digest: (text) => createHash('sha256').update(text).digest('hex'),
      policy: new InstallationPolicy(api, running.settings),
      now: Date.now,
    },
    memory: createMemory(Date.now),
    log: createSilentLog(),
    signal: new AbortController().signal,
    resource: { ...before, metadata: merged },
    owner,
    uid: String(metadata['uid']),
    generation: Number(metadata['generation'] ?? 0),
    status: before['status'] ?? {},
    kubeVersion: options.kubeVersion ?? '',
  };
}

/** Stands for a resource that would be made now: all others are older. */
function newResource(owner: Owner): KubeObject {
  const { apiVersion, kind } = ISTIO_OPERATOR;
  return { apiVersion, kind, metadata: { ...owner, uid: '', creationTimestamp: new Date().toISOString() } };
}
