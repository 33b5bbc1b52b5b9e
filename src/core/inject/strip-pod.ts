import { STATUS_ANNOTATION } from '../../api/istio-names.ts';
import type { JsonObject } from '../kube-object.ts';
import { annotationsOf, containersOf } from './containers.ts';
import { withoutAgentScrape, type ScrapeSettings } from './prometheus.ts';
import { statusOf } from './status-annotation.ts';
import type { Pod } from './template-context.ts';

/** The pod without what an earlier injection added, so that a second one starts from the same pod. */
export function stripPod(pod: Pod, settings: ScrapeSettings): Pod {
  const status = statusOf(pod);
  if (!status) return pod;
  const spec: JsonObject = { ...pod.spec };
  for (const list of ['containers', 'initContainers'] as const) {
    const kept = containersOf(spec, list).filter(({ name }) => !status[list].includes(name as string));
    if (status[list].length > 0) spec[list] = kept;
  }
  const stripped = withoutAgentScrape({ ...pod, spec }, settings);
  const annotations = { ...annotationsOf(stripped) };
  delete annotations[STATUS_ANNOTATION];
  return { ...stripped, metadata: { ...stripped.metadata, annotations } };
}
