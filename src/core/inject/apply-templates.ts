import { PROXY_CONTAINER } from '../../api/istio-names.ts';
import { strategicMerge, PatchError } from '../overlay/strategic-merge.ts';
import type { JsonObject } from '../kube-object.ts';
import type { CompiledInjectionConfig } from './compile-injection-config.ts';
import { annotationsOf, containersOf, findContainer } from './containers.ts';
import type { KnownForms } from './known-forms.ts';
import { InjectionError, type Pod, type TemplateContext, type TemplateOutput } from './template-context.ts';
import { typedPod } from './typed-pod.ts';

export const TEMPLATES_ANNOTATION = 'inject.istio.io/templates';
const NATIVE_ANNOTATION = 'sidecar.istio.io/nativeSidecar';

/** What the templates made: the pod with them merged onto it, and the templates' part alone. */
export interface AppliedTemplates {
  pod: Pod;
  templateSpec: JsonObject;
}

type Templates = Pick<CompiledInjectionConfig, 'templates' | 'defaultTemplates' | 'aliases'>;

/** The templates for a pod, aliases expanded: its annotation's, else the default ones. */
export function selectTemplates(pod: Pod, { defaultTemplates, aliases }: Templates): readonly string[] {
  const own = annotationsOf(pod)[TEMPLATES_ANNOTATION];
  const names = own === undefined ? defaultTemplates : own.split(',').map((name) => name.trim());
  const isAlias = (name: string): boolean => Object.hasOwn(aliases, name);
  return names.some(isAlias) ? names.flatMap((name) => (isAlias(name) ? (aliases[name] ?? []) : [name])) : names;
}

/** Merges the pod's templates onto it, one after the other; `known` holds forms of the pod. @throws InjectionError */
export function applyTemplates(
  pod: Pod,
  config: Templates,
  context: TemplateContext,
  known: KnownForms,
): AppliedTemplates {
  let merged = pod;
  let templatePod: Pod = { metadata: {}, spec: { containers: null } };
  for (const name of selectTemplates(pod, config)) {
    const template = config.templates.get(name);
    if (!template) throw unknownTemplate(name, pod, config);
    const output = template(context);
    templatePod = mergeTemplate(templatePod, { output, name }, known);
    merged = mergeTemplate(withNativeProxy(merged, templatePod.spec, context.nativeSidecars), { output, name }, known);
  }
  return { pod: merged, templateSpec: templatePod.spec };
}

function unknownTemplate(name: string, pod: Pod, { templates }: Templates): InjectionError {
  const origin =
    annotationsOf(pod)[TEMPLATES_ANNOTATION] === undefined
      ? 'default template'
      : `annotation ${TEMPLATES_ANNOTATION}: template`;
  return new InjectionError(
    `${origin} ${JSON.stringify(name)} does not exist; known are ${[...templates.keys()].sort().join(', ')}`,
  );
}

/** The pod with what a template of that name made merged onto it. @throws InjectionError */
export function mergeTemplate(
  pod: Pod,
  { output, name }: { output: TemplateOutput; name: string },
  known: KnownForms,
): Pod {
  try {
    const merged = strategicMerge(pod as unknown as JsonObject, output as JsonObject, 'Pod');
    return typedPod(merged as unknown as Pod, known);
  } catch (error) {
    if (error instanceof PatchError || error instanceof InjectionError) {
      throw new InjectionError(`template ${name}: ${error.message}`, { cause: error });
    }
    throw error;
  }
}

/**
 * Moves the user's own istio-proxy container to the init containers, where the template has it, so that the two merge
 * into one native sidecar.
 */
function withNativeProxy(pod: Pod, templateSpec: JsonObject, native: boolean): Pod {
  const containers = containersOf(pod.spec, 'containers');
  const own = findContainer(containers, PROXY_CONTAINER);
  if (!own || !isNative(pod, native)) return pod;
  if (!findContainer(containersOf(templateSpec, 'initContainers'), PROXY_CONTAINER)) return pod;
  return {
    ...pod,
    spec: {
      ...pod.spec,
      containers: containers.filter((container) => container !== own),
      initContainers: [...containersOf(pod.spec, 'initContainers'), own],
    },
  };
}

function isNative(pod: Pod, native: boolean): boolean {
  const own = annotationsOf(pod)[NATIVE_ANNOTATION];
  return own === 'true' || (native && own !== 'false');
}
