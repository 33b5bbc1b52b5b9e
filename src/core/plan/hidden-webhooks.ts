import { REVISION_LABEL } from '../../api/istio-names.ts';
import { HASH_ANNOTATION } from '../../api/our-names.ts';
import type { KubeObject } from '../kube-object.ts';
import { hashOf } from './applied-hash.ts';

const LABEL_PATH = `/metadata/labels/${REVISION_LABEL.replace('/', '~1')}`;

/**
 * The webhook configuration as istiod does not know it: one of its revision's label gets the certificate of that istiod,
 * whomever it leads to. Without the hash it is to be applied again.
 */
export function hideFromIstiod(configuration: KubeObject): KubeObject {
  const { labels, annotations, ...metadata } = configuration.metadata;
  return {
    ...configuration,
    metadata: {
      ...metadata,
      labels: without(labels, REVISION_LABEL),
      annotations: without(annotations, HASH_ANNOTATION),
    },
  };
}

/** The part of a JSON patch that hides a live configuration. */
export function hidingSteps({ metadata: { labels } }: KubeObject): { op: 'remove'; path: string }[] {
  return labels?.[REVISION_LABEL] === undefined ? [] : [{ op: 'remove', path: LABEL_PATH }];
}

/** Whether a live object is a configuration that was hidden. */
export function isHidden(live: KubeObject | undefined): boolean {
  return live !== undefined && live.metadata.labels?.[REVISION_LABEL] === undefined && hashOf(live) === undefined;
}

function without(map: Record<string, string> | undefined, name: string): Record<string, string> {
  return Object.fromEntries(Object.entries(map ?? {}).filter(([key]) => key !== name));
}
