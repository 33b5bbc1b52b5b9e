import { TooMuchWork, WorkMeter } from '../work-meter.ts';
import { TEMPLATES_ANNOTATION } from './apply-templates.ts';
import { compileInjectionConfig, type CompiledInjectionConfig } from './compile-injection-config.ts';
import { withAnnotations } from './containers.ts';
import { readControlPlaneConfig } from './control-plane-config.ts';
import type { ControlPlaneObjects } from './control-plane-objects.ts';
import { inject } from './inject.ts';
import type { InjectionConfig } from './injection-config.ts';
import { SAMPLE_GATEWAY, SAMPLE_WORKLOAD } from './sample-pods.ts';
import { InjectionError, type Pod } from './template-context.ts';
import { compileTemplate } from './templates/custom-template.ts';

/** Something by which pods would not be injected. */
export interface InjectionFault {
  /** What is at fault: a setting of the injector's configuration, the mesh configuration, or the texts themselves. */
  setting: ['templates', name: string] | ['templates'] | ['defaultTemplates'] | ['mesh'] | [];
  message: string;
}

type Templates = Readonly<Record<string, string>>;

/** About a fifth of a second. In steps of templates. */
const MAX_WORK = 2_000_000;
/** What a sample costs beside the steps of its templates, a template that is parsed, and each of its characters. */
const STEPS_A_SAMPLE = 3_000;
const STEPS_A_TEMPLATE = 1_000;
const STEPS_A_CHARACTER = 2;

/**
 * Tries what a control plane would inject with on sample pods: every template of the user's must be readable and
 * inject one of them, and the default templates that of a workload. A template may refuse a sample by `fail`.
 */
export function findInjectionFaults(objects: ControlPlaneObjects): InjectionFault[] {
  const config = attempt(() => readControlPlaneConfig(objects));
  if (typeof config === 'string') return [{ setting: [], message: config }];
  try {
    return tried(config, new WorkMeter(MAX_WORK));
  } catch (error) {
    if (!(error instanceof TooMuchWork)) throw error;
    const message = 'take too long together to be tried on sample pods: make them fewer or simpler';
    return [{ setting: ['templates'], message }];
  }
}

function tried(config: InjectionConfig, meter: WorkMeter): InjectionFault[] {
  const unreadable = findUnreadable({ ...config.gatewayTemplates, ...config.templates }, meter);
  const readable = without(config.templates ?? {}, unreadable);
  const compiled = attempt(() => compileInjectionConfig({ ...config, templates: readable }, { meter }));
  if (typeof compiled === 'string') return [...unreadable, { setting: ['mesh'], message: compiled }];
  const failing = findFailing(Object.keys(readable), compiled, meter);
  const broken = new Set([...unreadable, ...failing].map(({ setting }) => setting[1]));
  // What is wrong with one of them is told of it.
  const isTold = compiled.defaultTemplates.some((name) => broken.has(name));
  const problem = isTold ? undefined : findProblem(SAMPLE_WORKLOAD, compiled, meter);
  const failed =
    problem === undefined ? [] : [{ setting: ['defaultTemplates'] as ['defaultTemplates'], message: problem }];
  return [...unreadable, ...failing, ...failed];
}

function findUnreadable(templates: Templates, meter: WorkMeter): InjectionFault[] {
  return Object.entries(templates).flatMap(([name, text]) => {
    meter.spend(STEPS_A_TEMPLATE + text.length * STEPS_A_CHARACTER);
    const template = attempt(() => compileTemplate(text));
    return typeof template === 'string' ? [{ setting: ['templates', name], message: template }] : [];
  });
}

/** What a template is for is not known: it may stand alone, add to the sidecar, or fill in a gateway. */
function findFailing(names: readonly string[], config: CompiledInjectionConfig, meter: WorkMeter): InjectionFault[] {
  return names.flatMap((name) => {
    const uses: Pod[] = [
      withTemplates(SAMPLE_WORKLOAD, name),
      withTemplates(SAMPLE_WORKLOAD, `sidecar,${name}`),
      withTemplates(SAMPLE_GATEWAY, name),
    ];
    let first: string | undefined;
    for (const pod of uses) {
      const problem = findProblem(pod, config, meter);
      if (problem === undefined) return [];
      first ??= problem;
    }
    return [{ setting: ['templates', name], message: first ?? '' }];
  });
}

function withTemplates(pod: Pod, names: string): Pod {
  return withAnnotations(pod, { [TEMPLATES_ANNOTATION]: names });
}

/** Why the pod is not injected; undefined when it is, or when a template does not want it. */
function findProblem(pod: Pod, config: CompiledInjectionConfig, meter: WorkMeter): string | undefined {
  meter.spend(STEPS_A_SAMPLE);
  const result = inject({ pod, namespace: pod.metadata.namespace ?? '' }, config);
  if (result.outcome !== 'denied' || result.reason === 'TemplateRefused') return undefined;
  return `a sample pod is not injected: ${result.message}`;
}

/** The result, or why there is none. */
function attempt<T>(work: () => T): T | string {
  try {
    return work();
  } catch (error) {
    if (error instanceof InjectionError) return error.message;
    throw error;
  }
}

function without(templates: Templates, faults: readonly InjectionFault[]): Templates {
  const names = new Set(faults.map(({ setting }) => setting[1]));
  return Object.fromEntries(Object.entries(templates).filter(([name]) => !names.has(name)));
}
