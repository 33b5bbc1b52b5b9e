import { STATUS_ANNOTATION } from '../../api/istio-names.ts';
import { errorLine } from '../error-text.ts';
import { strategicMerge } from '../overlay/strategic-merge.ts';
import type { Json, JsonObject } from '../kube-object.ts';
import {
  annotationsOf,
  containersOf,
  findContainer,
  findProxy,
  INIT_CONTAINER,
  replaceContainer,
  securityContextOf,
  VALIDATION_CONTAINER,
  withAnnotations,
  type ContainerList,
} from './containers.ts';
import { goStructJson } from './go-json.ts';
import { statusOf } from './status-annotation.ts';
import { InjectionError, type Pod } from './template-context.ts';
import { typedPod } from './typed-pod.ts';
import { typedStruct } from './typed-struct.ts';
import { userPart } from './user-part.ts';

export const OVERRIDES_ANNOTATION = 'proxy.istio.io/overrides';
/** An image that stands for the injected one: a container must name some image to be valid. */
const AUTO_IMAGE = 'auto';

interface Overrides {
  containers: JsonObject[];
  initContainers: JsonObject[];
}

const NONE: Overrides = { containers: [], initContainers: [] };

/** The user's own form of injected containers, as an earlier injection kept it. @throws InjectionError */
function storedOverrides(pod: Pod): Overrides {
  const text = annotationsOf(pod)[OVERRIDES_ANNOTATION];
  if (text === undefined) return NONE;
  const source = `annotation ${OVERRIDES_ANNOTATION}`;
  let value: Json;
  try {
    value = JSON.parse(text) as Json;
  } catch (error) {
    throw new InjectionError(`${source} has the value ${JSON.stringify(text)}: it is no JSON: ${errorLine(error)}`);
  }
  const stored = typedStruct(userPart(value ?? {}, 'ParsedContainers', source), 'ParsedContainers', source);
  return { ...NONE, ...stored };
}

/** The pod with stored containers put back that were taken out as injected, so that templates see them. */
export function reinsertOverrides(pod: Pod): Pod {
  const stored = storedOverrides(pod);
  if (stored.containers.length === 0 && stored.initContainers.length === 0) return pod;
  const spec = { ...pod.spec };
  for (const list of ['containers', 'initContainers'] as const) {
    const present = containersOf(spec, list);
    const missing = stored[list].filter(({ name }) => !findContainer(present, name));
    if (missing.length > 0) spec[list] = [...present, ...missing];
  }
  return { ...pod, spec };
}

/**
 * Lays what the user wrote for an injected container over the injected form, so that the user's settings win, and
 * keeps it in an annotation for a later injection.
 */
export function reapplyOverrides(merged: Pod, original: Pod, templateSpec: JsonObject): Pod {
  const applied = { containers: ownForms('containers'), initContainers: ownForms('initContainers') };
  if (applied.containers.length === 0 && applied.initContainers.length === 0) return merged;
  let result = merged;
  for (const container of applied.containers) result = layOver(result, 'containers', container);
  for (const container of applied.initContainers) result = layOver(result, 'initContainers', container);
  if (annotationsOf(original)[STATUS_ANNOTATION] !== undefined) return result;
  return withAnnotations(result, { [OVERRIDES_ANNOTATION]: overridesText(applied) });

  function ownForms(list: ContainerList): JsonObject[] {
    const stored = storedOverrides(original)[list];
    // What an earlier injection made is made anew: it is not the user's.
    const injected = statusOf(original)?.[list] ?? [];
    return containersOf(templateSpec, list).flatMap(({ name }) => {
      if (injected.includes(name as string)) return [];
      const own = findContainer(stored, name) ?? ownContainer(original.spec, list, name);
      return own ? [withoutAutoImage(own)] : [];
    });
  }
}

/** A native sidecar's settings may stand among the ordinary containers. */
function ownContainer(spec: JsonObject, list: ContainerList, name: Json | undefined): JsonObject | undefined {
  const ordinary = findContainer(containersOf(spec, 'containers'), name);
  return list === 'containers' ? ordinary : (ordinary ?? findContainer(containersOf(spec, 'initContainers'), name));
}

function withoutAutoImage(container: JsonObject): JsonObject {
  if (container.image !== AUTO_IMAGE) return container;
  const rest = { ...container };
  delete rest.image;
  return rest;
}

function layOver(pod: Pod, list: ContainerList, container: JsonObject): Pod {
  const merged = strategicMerge(pod as unknown as JsonObject, { spec: { [list]: [container] } }, 'Pod');
  return typedPod(merged as unknown as Pod);
}

function overridesText({ containers, initContainers }: Overrides): string {
  const text = (list: JsonObject[]): string => list.map((item) => goStructJson(item, 'Container')).join(',');
  const parts: string[] = [];
  if (containers.length > 0) parts.push(`"containers":[${text(containers)}]`);
  if (initContainers.length > 0) parts.push(`"initContainers":[${text(initContainers)}]`);
  return `{${parts.join(',')}}`;
}

/**
 * Makes the init container agree with the user whom the pod's own istio-proxy container names: the validation
 * container runs as that user, and the traffic of that user is what the redirection lets pass.
 */
export function alignInitUser(pod: Pod, original: Pod, tproxy: boolean): Pod {
  const { runAsUser, runAsGroup } = securityContextOf(findProxy(original.spec) ?? {});
  const ids = { ...(isUnset(runAsUser) ? {} : { runAsUser }), ...(isUnset(runAsGroup) ? {} : { runAsGroup }) };
  const containers = containersOf(pod.spec, 'initContainers');
  const init = findContainer(containers, INIT_CONTAINER) ?? findContainer(containers, VALIDATION_CONTAINER);
  if (!init || Object.keys(ids).length === 0) return pod;
  const validating = init.name === VALIDATION_CONTAINER && !tproxy;
  const changed = withUserArgument(validating ? withSecurity(init, ids) : init, runAsUser);
  const aligned = changed === init ? pod : replaceContainer(pod, init, changed);
  return tproxy && 'runAsUser' in ids ? withRootProxy(aligned) : aligned;
}

/** With TPROXY only root can bind the original address. */
function withRootProxy(pod: Pod): Pod {
  const proxy = findProxy(pod.spec);
  return proxy ? replaceContainer(pod, proxy, withSecurity(proxy, { runAsUser: 0 })) : pod;
}

function isUnset(value: Json | undefined): boolean {
  return value === undefined || value === null;
}

function withSecurity(container: JsonObject, fields: JsonObject): JsonObject {
  return { ...container, securityContext: { ...securityContextOf(container), ...fields } };
}

/** Root's traffic cannot be let pass: then the argument stays. */
function withUserArgument(container: JsonObject, uid: Json | undefined): JsonObject {
  const args = Array.isArray(container.args) ? container.args : [];
  const at = args.indexOf('-u');
  if (typeof uid !== 'number' || uid === 0 || at < 0 || at + 1 >= args.length) return container;
  return { ...container, args: args.with(at + 1, String(uid)) };
}
