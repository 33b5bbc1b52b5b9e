import { FORMER_OWNER_ANNOTATION, HAND_OVER_MANAGER } from '../../api/our-names.ts';
import { HELM_OWNER_LABEL } from '../../core/hand-over/helm-release.ts';
import type { ObjectRef } from '../../core/kube-object.ts';
import type { KubeApi } from '../../kube/kube-api.ts';
import { isNotFound } from '../../kube/errors.ts';

const HELM = 'helm';

/** Takes the label away by which Helm finds its releases: for it they are gone, and nothing of them is lost. */
export async function hideReleases(api: KubeApi, secrets: readonly ObjectRef[]): Promise<void> {
  for (const secret of secrets) await relabel(api, secret, { label: null, annotation: HELM });
}

/** Helm finds its releases again. */
export async function showReleases(api: KubeApi, secrets: readonly ObjectRef[]): Promise<void> {
  for (const secret of secrets) await relabel(api, secret, { label: HELM, annotation: null });
}

async function relabel(
  api: KubeApi,
  secret: ObjectRef,
  { label, annotation }: { label: string | null; annotation: string | null },
): Promise<void> {
  const metadata = { labels: { [HELM_OWNER_LABEL]: label }, annotations: { [FORMER_OWNER_ANNOTATION]: annotation } };
  try {
    await api.patch(secret, { metadata }, { type: 'merge', fieldManager: HAND_OVER_MANAGER });
  } catch (error) {
    if (!isNotFound(error)) throw error;
  }
}
