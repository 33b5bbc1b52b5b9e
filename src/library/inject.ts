import { compileInjectionConfig } from '../core/inject/compile-injection-config.ts';
import { fileInjectionConfig, injectDocument, type WorkloadInjection } from '../core/inject/kube-inject.ts';
import { InjectionError } from '../core/inject/template-context.ts';
import type { ProblemCode } from '../core/problem.ts';
import { DEFAULT_PROFILE, renderInjection } from '../core/render/render-injection.ts';
import { coreOptions } from './core-options.ts';
import type { KubernetesObject } from './kubernetes-object.ts';
import { plainObject } from './plain-object.ts';
import { InputError } from './problem.ts';
import type { RenderOptions } from './render-options.ts';

/** What decides an injection beside the workload. */
export interface InjectOptions extends Pick<RenderOptions, 'istioVersion' | 'defaultHub' | 'defaultTag'> {
  /** The control plane whose sidecar is injected, with its values, mesh configuration and templates; the default profile's when left out. */
  istioOperator?: object;
}

/** What became of one pod, or of the pods of one workload. */
export interface InjectedWorkload {
  kind: string;
  name: string;
  /** `denied`: it asks for what cannot be, and a cluster would refuse it. */
  outcome: 'injected' | 'skipped' | 'denied';
  /** Why, in one word that stays the same. */
  reason: string;
  /** Why, in words. */
  message: string;
}

export interface InjectResult {
  /** The object with its workloads injected; a copy of it where there was nothing to inject. */
  object: KubernetesObject;
  /** One entry for each workload: of a List, those of its items. */
  workloads: InjectedWorkload[];
}

/** Injects workloads with one configuration, which is made once. */
export interface Injector {
  /** Injects a pod, a workload or a List of them; the object that is given is not changed. @throws InputError for what is no object. */
  inject(object: object): InjectResult;
}

/** Makes an injector for many objects. @throws InputError when the control plane cannot be rendered. */
export function createInjector(options: InjectOptions = {}): Injector {
  const { istioOperator } = options;
  const resource = istioOperator === undefined ? DEFAULT_PROFILE : plainObject(istioOperator, 'istioOperator');
  const result = renderInjection(resource, coreOptions(options));
  if (!result.ok) throw new InputError(result.problems);
  const config = fileInjectionConfig(compiled(result.value.config));
  return {
    inject: (object) => {
      const { document, workloads } = injectDocument(plainObject(object, ''), config);
      // Templates keep parts that are the same in every pod: whoever changes a pod changes his own.
      const own = structuredClone(document) as unknown as KubernetesObject;
      return { object: own, workloads: workloads.map(describeWorkload) };
    },
  };
}

/** Injects one object as `sailwright inject` does: everything that does not opt out. @throws InputError */
export function inject(object: object, options: InjectOptions = {}): InjectResult {
  return createInjector(options).inject(object);
}

function compiled(config: Parameters<typeof compileInjectionConfig>[0]): ReturnType<typeof compileInjectionConfig> {
  try {
    return compileInjectionConfig(config);
  } catch (error) {
    if (!(error instanceof InjectionError)) throw error;
    throw new InputError([{ path: 'spec', code: 'InjectionBroken' satisfies ProblemCode, message: error.message }]);
  }
}

function describeWorkload({ kind, name, result }: WorkloadInjection): InjectedWorkload {
  const { reason, message } = result.outcome === 'denied' ? result : result.decision;
  return { kind, name, outcome: result.outcome, reason, message };
}
