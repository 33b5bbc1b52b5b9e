import { REVISION_LABEL, TAG_LABEL } from '../../api/istio-names.ts';
import { PREVIOUS_REVISION_ANNOTATION } from '../../api/our-names.ts';
import type { KubeObject } from '../kube-object.ts';
import { INJECTOR_KIND } from '../webhook-configuration.ts';
import { isHidden } from './hidden-webhooks.ts';

/** The revision that a tag's webhook configuration leads to, and the one before; undefined for any other object. */
export function targetOf({
  kind,
  metadata,
}: KubeObject): { tag: string; revision: string; previous?: string } | undefined {
  const { [TAG_LABEL]: tag, [REVISION_LABEL]: revision = 'default' } = metadata.labels ?? {};
  if (kind !== INJECTOR_KIND.kind || tag === undefined) return undefined;
  const previous = metadata.annotations?.[PREVIOUS_REVISION_ANNOTATION];
  return { tag, revision, ...(previous === undefined ? {} : { previous }) };
}

/**
 * The webhook configuration of a tag with the revision that the tag led to before it moved. `isMove`: it is applied
 * because it is to be something else, and not because somebody changed it.
 */
export function withFormerTarget(object: KubeObject, live: KubeObject, isMove: boolean): KubeObject {
  const [wanted, now] = [targetOf(object), targetOf(live)];
  if (!wanted || !now) return object;
  const isMoved = isMove && !isHidden(live) && now.revision !== wanted.revision;
  const former = isMoved ? now.revision : now.previous;
  if (former === undefined) return object;
  const annotations = { ...object.metadata.annotations, [PREVIOUS_REVISION_ANNOTATION]: former };
  return { ...object, metadata: { ...object.metadata, annotations } };
}
