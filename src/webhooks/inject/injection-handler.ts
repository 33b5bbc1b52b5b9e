import { patchPod, type PatchResult } from '../../core/inject/patch-pod.ts';
import { parseRevisionPath, type PathRevision } from '../../core/inject/revision-path.ts';
import type { Pod } from '../../core/inject/template-context.ts';
import { isJsonObject } from '../../core/kube-object.ts';
import type { AdmissionRequest, AdmissionResponse } from '../admission-review.ts';
import type { AdmissionContext, AdmissionRoute, EncodedAnswer } from '../server/admission-handler.ts';
import { denyProbes } from '../server/probe.ts';
import { isCostlyPod, MAX_POD_BODY_HERE } from './costly-pod.ts';
import type { ApartInjector, InjectionCall, InjectionHelpers } from './apart-injector.ts';
import { InjectionMemo } from './injection-memo.ts';
import type { InjectionConfigs, InjectionSources } from './injection-configs.ts';

export interface InjectionHandlerOptions {
  configs: InjectionConfigs;
  /** Its pods are let through as they are: they answer these very calls. */
  operatorNamespace: string;
  /** Answers that were given to the same. */
  memo?: InjectionMemo;
}

type InjectionHandler = (
  request: AdmissionRequest,
  context: Pick<AdmissionContext, 'path'>,
) => AdmissionResponse | Promise<AdmissionResponse>;

export interface InjectionRouteOptions extends InjectionHandlerOptions {
  configs: InjectionConfigs & InjectionSources;
  findUnready: () => string | undefined;
  /** Injects what may take long. */
  apart: ApartInjector;
  helpers?: InjectionHelpers | undefined;
}

/** `/inject` and what is below it; needs `configs` to be warm, which `findUnready` tells. */
export function createInjectionRoute(options: InjectionRouteOptions): AdmissionRoute {
  const { configs, operatorNamespace, findUnready, apart, helpers } = options;
  const handle = denyProbes(createInjectionHandler({ ...options, memo: new InjectionMemo() }));
  const callOf = (path: string, { revision, namespace }: PathRevision): InjectionCall => ({
    path,
    operatorNamespace,
    source: configs.sourceOf(revision, namespace),
  });
  const prepare = async (path: string): Promise<InjectionCall> => {
    const target = parseRevisionPath(decoded(path));
    await configs.reading(target.namespace);
    return callOf(path, target);
  };
  const route: AdmissionRoute = {
    path: '/inject',
    handle: (request, context) => {
      const isCostly = isJsonObject(request.object) && isCostlyPod(request.object);
      if (!isCostly) return handle(request, context);
      return prepare(context.path).then((call) => apart.injectRequest(request, call, context));
    },
    large: {
      aboveBytes: MAX_POD_BODY_HERE,
      judge: async (body, context) => apart.injectBody(body, await prepare(context.path), context),
    },
    findUnready,
  };
  if (!helpers) return route;
  const offer = (body: Buffer, context: AdmissionContext): Promise<EncodedAnswer> | undefined => {
    const target = parseRevisionPath(decoded(context.path));
    if (configs.reading(target.namespace)) return undefined;
    const call = callOf(context.path, target);
    return helpers.offer(body, call)?.then((answer) => answer ?? apart.injectBody(body, call, context));
  };
  return { ...route, offer };
}

/** Answers with the patch that injects the pod, with nothing when it is not to be injected, or with a denial. */
export function createInjectionHandler({
  configs,
  operatorNamespace,
  memo,
}: InjectionHandlerOptions): InjectionHandler {
  return (request, { path }) => {
    if (request.operation !== 'CREATE' || (request.subResource ?? '') !== '') {
      return { allowed: true, verdict: 'NotACreation' };
    }
    if (request.kind && request.kind.kind !== 'Pod') return { allowed: true, verdict: 'NotAPod' };
    const { object } = request;
    if (!isJsonObject(object)) return deny('InvalidPod', 'request.object: the pod is missing');
    const pod = object as unknown as Pod;
    const namespace = namespaceOf(pod, request);
    if (namespace === operatorNamespace) return { allowed: true, verdict: 'OperatorNamespace' };
    const target = parseRevisionPath(decoded(path));
    const judge = (): AdmissionResponse => {
      const config = configs.configOf(target.revision, target.namespace);
      if ('problem' in config) return deny('NoConfiguration', config.problem);
      const known = config.openShift ? configs.namespaceOf(namespace)?.metadata.annotations : undefined;
      const injection = { pod, namespace, path: target.rest, ...(known ? { namespaceAnnotations: known } : {}) };
      const find = (): AdmissionResponse => answer(patchPod(injection, config));
      return memo ? memo.of(injection, config, find) : find();
    };
    // A webhook may call a moment before its control plane was read.
    const reading = configs.reading(target.namespace);
    return reading ? reading.then(judge) : judge();
  };
}

function namespaceOf({ metadata }: Pod, request: AdmissionRequest): string {
  const own = isJsonObject(metadata) ? metadata['namespace'] : undefined;
  return typeof own === 'string' && own !== '' ? own : (request.namespace ?? '');
}

function answer(result: PatchResult): AdmissionResponse {
  switch (result.outcome) {
    case 'skipped':
      return { allowed: true, verdict: result.decision.reason };
    case 'patched':
      return { allowed: true, verdict: result.decision.reason, patch: result.patch };
    case 'denied':
      return deny(result.reason, result.message);
  }
}

function deny(reason: string, cause: string): AdmissionResponse {
  return { allowed: false, verdict: reason, message: `sidecar injection (${reason}): ${cause}` };
}

/** Paths come as the client wrote them; one that cannot be decoded is taken as it is. */
function decoded(path: string): string {
  if (!path.includes('%')) return path;
  try {
    return decodeURIComponent(path);
  } catch {
    return path;
  }
}
