import { SYSTEM_NAMESPACES, USUAL_NAMESPACE } from '../../../api/istio-names.ts';
import { hasLabels } from '../../label-selector.ts';
import { listSome } from '../../list-some.ts';
import { KIND } from '../kinds.ts';
import type { DeploymentView } from '../kubernetes-views.ts';
import { message, needText, type Message, type Need } from '../messages.ts';
import { specAs } from '../resource.ts';
import type { World } from '../world.ts';

/** Where installers put Services that no file of a user's holds. */
const INSTALLED_NAMESPACES: readonly string[] = [USUAL_NAMESPACE, ...SYSTEM_NAMESPACES];
/** Namespaces that every cluster has, or that hold the control plane. */
const PRESENT_NAMESPACES = ['default', ...INSTALLED_NAMESPACES];

/**
 * Files seldom hold all of a cluster: that something is missing is believed only where they hold objects of its kind.
 * All else becomes one message for information.
 */
export function setAsideUnknown(messages: readonly Message[], world: World): Message[] {
  const unmet = messages.filter(({ needs }) => !needs?.some((need) => isPromised(world, need)));
  const isBelieved = ({ needs }: Message): boolean => !needs || needs.some((need) => isKnown(world, need));
  const unknown = unmet.filter((found) => !isBelieved(found) && !found.needs?.every((need) => need.isUsuallyElsewhere));
  return [...unmet.filter(isBelieved), ...tellUnknown(unknown)];
}

/** Whether the files hold objects of the kind where the missing one would be. */
function isKnown(world: World, { kind, namespace }: Need): boolean {
  if (kind === KIND.service && namespace !== undefined && INSTALLED_NAMESPACES.includes(namespace)) return false;
  const listed = namespace === undefined ? world.list(kind) : world.listIn(kind, namespace);
  return listed.some(({ origin }) => !origin.implied);
}

/** Whether what is missing comes about by itself: pods of a Deployment, namespaces that are in use. */
function isPromised(world: World, { kind, name, namespace, labels }: Need): boolean {
  if (kind === KIND.namespace) {
    if (PRESENT_NAMESPACES.includes(name)) return true;
    return Object.values(KIND).some((each) => world.listIn(each, name).length > 0);
  }
  if (kind !== KIND.pod || !labels) return false;
  const deployments = namespace === undefined ? world.list(KIND.deployment) : world.listIn(KIND.deployment, namespace);
  return deployments.some((deployment) =>
    hasLabels(specAs<DeploymentView>(deployment).template?.metadata?.labels ?? {}, labels),
  );
}

function tellUnknown(unknown: readonly Message[]): Message[] {
  const [first] = unknown;
  if (!first) return [];
  const names = [...new Set(unknown.flatMap(({ needs = [] }) => needs.slice(0, 1).map(needText)))].sort();
  const count = names.length === 1 ? '1 reference is' : `${String(names.length)} references are`;
  const text = `${count} not judged, because the files hold nothing of the kind there: ${listSome(names)}. Add these objects, or analyze the files together with the cluster.`;
  return [message('SWT0006', first.resource, text)];
}
