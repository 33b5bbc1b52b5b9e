import { PROXY_CONTAINER } from '../../api/istio-names.ts';
import type { JsonObject } from '../kube-object.ts';
import {
  containersOf,
  CORE_DUMP_CONTAINER,
  findContainer,
  INIT_CONTAINER,
  VALIDATION_CONTAINER,
} from './containers.ts';
import type { Pod } from './template-context.ts';

type Containers = readonly JsonObject[];

/**
 * Puts the proxy last, so that `kubectl exec` finds the application, or first when the application waits for it; and
 * the init containers so that they either run inside the mesh (native sidecar) or before traffic is redirected.
 */
export function orderContainers(pod: Pod, proxyFirst: boolean): Pod {
  const containers = (proxyFirst ? moveFirst : moveLast)(containersOf(pod.spec, 'containers'), PROXY_CONTAINER);
  const init = orderInit(containersOf(pod.spec, 'initContainers'));
  const spec: JsonObject = { ...pod.spec, containers: [...containers], initContainers: [...init] };
  if (init.length === 0) delete spec.initContainers;
  return { ...pod, spec };
}

/** Init containers in the order in which they start. */
export function orderInit(containers: Containers): Containers {
  if (findContainer(containers, PROXY_CONTAINER)) {
    return [CORE_DUMP_CONTAINER, PROXY_CONTAINER, VALIDATION_CONTAINER, INIT_CONTAINER].reduce(moveFirst, containers);
  }
  return [INIT_CONTAINER, CORE_DUMP_CONTAINER].reduce(moveLast, moveFirst(containers, VALIDATION_CONTAINER));
}

function moveFirst(containers: Containers, name: string): Containers {
  const match = containers.findLast((container) => container.name === name);
  return match ? [match, ...containers.filter((container) => container.name !== name)] : containers;
}

function moveLast(containers: Containers, name: string): Containers {
  const match = containers.findLast((container) => container.name === name);
  return match ? [...containers.filter((container) => container.name !== name), match] : containers;
}
