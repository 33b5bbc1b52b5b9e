import { REVISION_LABEL, TAG_LABEL } from '../../api/istio-names.ts';
import type { JsonObject, KubeObject } from '../kube-object.ts';
import { DEFAULT_REVISION } from '../inject/revision-path.ts';
import { INJECTOR_KIND } from '../webhook-configuration.ts';

const DEFAULT_VALIDATOR = 'istiod-default-validator';

/**
 * Values with what `istioctl` makes beside the charts, and keeps in no values: revision tags, and the webhook that
 * validates what names no revision. The tag `default` needs no setting where there is no revision.
 */
export function withDefaults(values: JsonObject, objects: readonly KubeObject[]): JsonObject {
  const tags = objects.flatMap(tagOf);
  const validator = objects.find(
    ({ kind, metadata }) => kind === 'ValidatingWebhookConfiguration' && metadata.name === DEFAULT_VALIDATOR,
  );
  return {
    ...values,
    ...(tags.length > 0 && values['revisionTags'] === undefined ? { revisionTags: [...new Set(tags)].sort() } : {}),
    ...(validator ? { defaultRevision: validator.metadata.labels?.[REVISION_LABEL] ?? DEFAULT_REVISION } : {}),
  };
}

function tagOf({ kind, metadata: { labels = {} } }: KubeObject): string[] {
  const { [TAG_LABEL]: tag, [REVISION_LABEL]: revision = DEFAULT_REVISION } = labels;
  if (kind !== INJECTOR_KIND.kind || tag === undefined) return [];
  return tag === DEFAULT_REVISION && revision === DEFAULT_REVISION ? [] : [tag];
}
