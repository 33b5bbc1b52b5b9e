import { SHIFT_MANAGER } from '../../api/our-names.ts';
import { isJsonObject, type KubeObject } from '../kube-object.ts';
import { findFluxKeeper, lastOwnerOf } from '../staged/field-owner.ts';
import { printed } from '../values/value-tree.ts';
import { ROUTE_FIELDS, type ShiftedRoute } from './find-route.ts';

/** Who writes the weights of a route. */
export interface WeightsOwner {
  /** Field manager that wrote them last; undefined where the API server does not say. */
  manager: string | undefined;
  since: string | undefined;
  /** Why nothing may be written: somebody else would write at the same time. */
  refusal?: string;
  /** What to tell a tool that may write them again, and does not show whether it does. */
  advice?: string;
}

const FLUX_HELM = 'helm.toolkit.fluxcd.io';
const ARGO_MARKS = ['argocd.argoproj.io/tracking-id', 'argocd.argoproj.io/instance'];
const ARGO_MANAGERS = /^argocd-/;
const FLAGGER_MANAGER = /^flagger/;
/** The controller of Argo Rollouts writes as what its program is called. */
const ROLLOUTS_MANAGER = /^(argo-rollouts|rollouts-controller)/;

/** Says who owns the weights: the list of rules is owned as a whole, so its owner owns all of them. */
export function findWeightsOwner(object: KubeObject, kind: ShiftedRoute['kind']): WeightsOwner {
  const { manager, since, managers } = lastOwnerOf(object, [ROUTE_FIELDS[kind].rules]);
  const owner = { manager, since };
  const refusal = refusalOf(object, managers);
  if (refusal !== undefined) return { ...owner, refusal };
  const advice = adviceOf(object, kind, managers);
  return advice === undefined ? owner : { ...owner, advice };
}

function refusalOf(object: KubeObject, managers: readonly string[]): string | undefined {
  const references = object.metadata['ownerReferences'];
  const canary = (Array.isArray(references) ? references : [])
    .filter(isJsonObject)
    .find(({ apiVersion }) => printed(apiVersion).startsWith('flagger.app/'));
  if (canary || managers.some((manager) => FLAGGER_MANAGER.test(manager))) {
    const name = canary ? ` for its Canary ${printed(canary['name'])}` : '';
    return `Flagger writes these weights${name}: leave the shift to it, or give the route to no Canary`;
  }
  if (managers.some((manager) => ROLLOUTS_MANAGER.test(manager))) {
    return 'Argo Rollouts writes these weights: leave the shift to its Rollout, or take the route out of its trafficRouting';
  }
  return findFluxKeeper(object);
}

function adviceOf(object: KubeObject, kind: ShiftedRoute['kind'], managers: readonly string[]): string | undefined {
  const { labels = {}, annotations = {} } = object.metadata;
  const isTracked = ARGO_MARKS.some((mark) => (annotations[mark] ?? labels[mark]) !== undefined);
  if (isTracked || managers.some((manager) => ARGO_MANAGERS.test(manager))) {
    const { rules, destinations } = ROUTE_FIELDS[kind];
    return (
      'Argo CD sets these weights back unless its Application has ignoreDifferences with jqPathExpressions ' +
      `.spec.${rules}[].${destinations}[].weight for ${kind}, and the sync option RespectIgnoreDifferences=true`
    );
  }
  const release = labels[`${FLUX_HELM}/name`];
  if (release === undefined || annotations[`${FLUX_HELM}/driftDetection`] === 'disabled') return undefined;
  return (
    `HelmRelease ${labels[`${FLUX_HELM}/namespace`] ?? ''}/${release} of Flux sets these weights back when it upgrades, ` +
    `and earlier with driftDetection: annotate the route with ${FLUX_HELM}/driftDetection: disabled`
  );
}

/** Whether the weights were written last by a shift. */
export function isOurs({ manager }: Pick<WeightsOwner, 'manager'>): boolean {
  return manager === SHIFT_MANAGER;
}
