import type { Json } from '../../kube-object.ts';
import { annotationOr, quotedSince, type ProxyInput } from './template-input.ts';
import { quotedText } from './template-text.ts';

const PROXY_IMAGE = 'sidecar.istio.io/proxyImage';

/** The image: a full reference in the annotation or the values, else the one computed from hub, tag and type. */
export function imageOf(input: ProxyInput, configured: Json | undefined, computed: string): string {
  const given = annotationOr(input, PROXY_IMAGE, configured);
  if (!given.includes('/')) return quotedText(computed, 'proxy image');
  return quotedSince(input, given, () => quotedText(given, `annotation ${PROXY_IMAGE}`));
}
