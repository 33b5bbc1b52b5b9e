import { ISTIO_OPERATOR } from '../../api/install/istio-operator-kind.ts';
import { fetchAnalyzedObjects } from '../../controllers/analysis-reporter/fetch-objects.ts';
import { KIND, type Kind } from '../../core/analyze/kinds.ts';
import type { KubeObject } from '../../core/kube-object.ts';
import { slimForReport } from '../../core/mesh/slim-for-report.ts';
import { toMeshState, type MeshState, type UnreadKind } from '../../core/mesh/mesh-state.ts';
import { CHANGE_KINDS } from '../../core/report/report-kinds.ts';
import { isForbidden } from '../../kube/errors.ts';
import type { KubeApi } from '../../kube/kube-api.ts';
import { fetchIstioOperators } from '../shell/fetch-istio-operators.ts';
import { fetchChanges } from '../shell/fetch-changes.ts';

/** No command tells of what is in them, and few may read them. */
const USUALLY_LEFT_OUT: readonly Kind[] = [KIND.secret, KIND.node, KIND.customResourceDefinition];

/** Which part of a mesh to read. */
export interface MeshQuestion {
  /** Where the control planes are. */
  istioNamespace: string;
  /** All unless told, but for Secrets, Nodes and CustomResourceDefinitions. */
  kinds?: readonly Kind[];
  /** Kinds of ours that go by steps too; where all kinds are read, unless told. */
  hasChanges?: boolean;
  /** What to keep of an object; without it, what analysis looks at, and of pods how they fare. */
  reduce?: (object: KubeObject) => KubeObject | undefined;
}

/**
 * Reads the mesh page by page, a few kinds at a time; no more is held than what is kept of each object. What rights do
 * not allow is left out and told (`unread`).
 * @throws ApiError
 */
export async function fetchMesh(api: Pick<KubeApi, 'list'>, question: MeshQuestion): Promise<MeshState> {
  const { istioNamespace, kinds = usualKinds(), reduce = slimForReport } = question;
  const { hasChanges = question.kinds === undefined } = question;
  const unread: UnreadKind[] = [];
  const [installations, changes, objects] = await Promise.all([
    attempt(ISTIO_OPERATOR, () => fetchIstioOperators(api), unread),
    Promise.all((hasChanges ? CHANGE_KINDS : []).map((kind) => attempt(kind, () => fetchChanges(api, kind), unread))),
    fetchAnalyzedObjects(api, {
      kinds,
      reduce,
      onUnread: ({ kind }, { message }) => void unread.push({ kind, why: message }),
    }),
  ]);
  return toMeshState({ objects: [...installations, ...changes.flat(), ...objects], unread }, istioNamespace);
}

function usualKinds(): Kind[] {
  return Object.values(KIND).filter((kind) => !USUALLY_LEFT_OUT.includes(kind));
}

async function attempt(
  { apiVersion, kind }: { apiVersion: string; kind: string },
  fetch: () => Promise<KubeObject[]>,
  unread: UnreadKind[],
): Promise<KubeObject[]> {
  try {
    return (await fetch()).map((each) => ({ ...each, apiVersion, kind }));
  } catch (error) {
    if (!isForbidden(error)) throw error;
    unread.push({ kind, why: error.message });
    return [];
  }
}
