// `sailwright/core`: what the command line does, for programs. These shapes are a contract; the modules behind are not.
export { analyze, type AnalysisFinding, type AnalyzeOptions } from './analyze.ts';
export {
  createInjector,
  inject,
  type InjectedWorkload,
  type Injector,
  type InjectOptions,
  type InjectResult,
} from './inject.ts';
export type { KubernetesObject } from './kubernetes-object.ts';
export { InputError, type Problem } from './problem.ts';
export type { RenderOptions } from './render-options.ts';
export { render, type RenderedComponent, type RenderResult } from './render.ts';
export { validate, type Finding, type ValidateOptions, type Verdict } from './validate.ts';
