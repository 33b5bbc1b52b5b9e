import { refOf, type JsonObject, type KubeObject } from '../core/kube-object.ts';
import { studyChange, type ChangePair, type ChangeStudy } from '../webhooks/validate/change-study.ts';
import { reviewOperator, type OperatorReview } from '../webhooks/validate/operator-review.ts';
import { renderResource, type RenderSurroundings } from './render-resource.ts';

/** Renders a change of a resource as the cluster holds it, and notes what checks need. */
export function studyHere(pair: ChangePair, surroundings: RenderSurroundings): ChangeStudy {
  const render = (resource: KubeObject): ReturnType<typeof renderResource> => renderResource(resource, surroundings);
  return studyChange(pair, render, surroundings.webhookEndpoint.namespace ?? '');
}

/** Reads and studies a review that is not read yet. */
export function reviewHere(body: Uint8Array, surroundings: RenderSurroundings): OperatorReview {
  return reviewOperator(body, {
    study: (pair) => studyHere(pair, surroundings),
    listRendered: (resource) => listRendered(resource, surroundings),
  });
}

function listRendered(resource: KubeObject, surroundings: RenderSurroundings): JsonObject[] {
  const rendered = renderResource(resource, surroundings);
  if (!rendered.ok) return [];
  return rendered.value.components.flatMap(({ component, objects }) =>
    objects.map((object) => ({ ...refOf(object), component })),
  );
}
