import { IGNORE_ANNOTATION } from '../../api/install/conditions.ts';
import { ISTIO_OPERATOR } from '../../api/install/istio-operator-kind.ts';
import { FIELD_MANAGER, FINALIZER, FORCE_DELETE_ANNOTATION } from '../../api/our-names.ts';
import { displayName, isJsonObject, refOf, type KubeObject } from '../../core/kube-object.ts';
import { withBundle } from '../../core/plan/leave.ts';
import { ownerKey, type Owner } from '../../core/plan/owner-labels.ts';
import type { KubeApi } from '../../kube/kube-api.ts';
import { awaitResource, type Patience } from '../shell/await-resource.ts';
import { handToIstiod } from '../shell/hand-to-istiod.ts';

/** As the operator: what it does not apply any more is to go from the objects. */
const APPLY = { fieldManager: FIELD_MANAGER, force: true } as const;
const MERGE = { type: 'merge', fieldManager: FIELD_MANAGER } as const;
/** Istiod writes its root certificate into every namespace. */
const ROOT_CERTIFICATE = { name: 'istio-ca-root-cert', key: 'root-cert.pem' };

/** A mesh that is to go on without the operator. */
export interface LeftMesh {
  owner: Owner;
  /** As they are to be. */
  objects: readonly KubeObject[];
  istioNamespace: string;
}

/**
 * Leaves a mesh to istiod: pauses the operator, hands the objects to istiod, and deletes the resource alone. What was done
 * stays when it ends early, and doing it again goes on.
 * @returns why it is not done; undefined when it is
 * @throws ApiError
 */
export async function leaveMesh(api: KubeApi, mesh: LeftMesh, patience: Patience): Promise<string | undefined> {
  const { owner, objects, istioNamespace } = mesh;
  const caBundle = await fetchRoot(api, istioNamespace);
  if (caBundle === undefined) {
    return `ConfigMap ${istioNamespace}/${ROOT_CERTIFICATE.name} holds no certificate: istiod writes it, so see whether it runs`;
  }
  // Whoever uses the revision goes on using it.
  const annotations = { [IGNORE_ANNOTATION]: 'true', [FORCE_DELETE_ANNOTATION]: 'true' };
  await api.patch({ ...ISTIO_OPERATOR, ...owner }, { metadata: { annotations } }, MERGE);
  const isPaused = await awaitResource(
    api,
    owner,
    (all) => all.some(({ reason }) => reason === 'Paused') || undefined,
    patience,
  );
  if (!isPaused) return `no operator acknowledged the pause of ${ownerKey(owner)}; nothing else was written`;
  const write = (object: KubeObject): Promise<KubeObject> => {
    patience.onProgress(`changing ${displayName(refOf(object))}`);
    return api.apply(withBundle(object, caBundle), APPLY);
  };
  const unready = await handToIstiod(api, { objects, write }, patience);
  if (unready !== undefined) return unready;
  await deleteAlone(api, owner);
  return undefined;
}

async function fetchRoot(api: KubeApi, namespace: string): Promise<string | undefined> {
  const found = await api.get({ apiVersion: 'v1', kind: 'ConfigMap', namespace, name: ROOT_CERTIFICATE.name });
  const data = isJsonObject(found?.['data']) ? found['data'] : {};
  const text = data[ROOT_CERTIFICATE.key];
  return typeof text === 'string' && text !== '' ? Buffer.from(text).toString('base64') : undefined;
}

/** Without the finalizer nothing goes with it; the paused operator does not put it back. */
async function deleteAlone(api: KubeApi, owner: Owner): Promise<void> {
  const ref = { ...ISTIO_OPERATOR, ...owner };
  const resource = await api.get(ref);
  if (!resource) return;
  const { uid, finalizers = [] } = resource.metadata as { uid?: string; finalizers?: string[] };
  await api.patch(ref, { metadata: { uid, finalizers: finalizers.filter((name) => name !== FINALIZER) } }, MERGE);
  await api.delete(ref, uid === undefined ? {} : { uid });
}
