import { PROXY_CONTAINER } from '../../api/istio-names.ts';
import {
  allContainers,
  findProxy,
  INIT_CONTAINER,
  replaceContainer,
  securityContextOf,
  VALIDATION_CONTAINER,
} from './containers.ts';
import type { JsonObject } from '../kube-object.ts';
import type { Pod } from './template-context.ts';

const OWN = new Set([INIT_CONTAINER, VALIDATION_CONTAINER]);

/**
 * OpenShift gives every container of a pod the same user, also the user's istio-proxy container. With the application's
 * user the proxy would catch its own traffic, so that a user which equals the application's counts as not set.
 */
export function withoutAssignedUser(pod: Pod): Pod {
  const proxy = findProxy(pod.spec);
  if (!proxy || proxy.securityContext === undefined || proxy.securityContext === null) return pod;
  if (!hasUserOfApplication(pod)) return pod;
  const securityContext = { ...securityContextOf(proxy) };
  delete securityContext.runAsUser;
  delete securityContext.runAsGroup;
  return replaceContainer(pod, proxy, { ...proxy, securityContext });
}

/** The last container of each side counts; no user counts as 0. */
function hasUserOfApplication({ spec }: Pod): boolean {
  let [proxyUser, appUser] = [0, 0];
  const init = allContainers({ initContainers: spec.initContainers });
  for (const container of [...allContainers({ containers: spec.containers }), ...init]) {
    const user = userOf(container);
    if (user === undefined) continue;
    if (container.name === PROXY_CONTAINER) proxyUser = user;
    else if (!OWN.has(container.name as string)) appUser = user;
  }
  return proxyUser === appUser;
}

function userOf(container: JsonObject): number | undefined {
  const user = securityContextOf(container).runAsUser;
  return typeof user === 'number' ? user : undefined;
}
