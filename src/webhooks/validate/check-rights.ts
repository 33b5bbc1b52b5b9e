import { computeRequirements } from '../../core/authorize/required-rights.ts';
import { formatRights } from '../../core/authorize/right.ts';
import { isJsonObject, type KubeObject } from '../../core/kube-object.ts';
import { listSome } from '../../core/list-some.ts';
import type { AskAccess, Requester } from '../../kube/access-review.ts';
import type { KubeApi } from '../../kube/kube-api.ts';
import type { AdmissionRequest } from '../admission-review.ts';
import type { CheckAnswer, IstioOperatorChange, IstioOperatorCheck } from './istio-operator-change.ts';
import { findMissing, type Missing } from './rights-inquiry.ts';
import { denyUnanswered } from './unanswered.ts';

/** How long the API server is asked; it waits 10 s for the answer of this webhook. */
const BUDGET_MS = 7_000;

/** What the API server is asked with. */
export interface RightsSource {
  askAccess: AskAccess;
  api: Pick<KubeApi, 'get'>;
}

/** Makes a source whose requests end with the signal. */
export type ConnectRights = (signal: AbortSignal) => RightsSource;

/**
 * Refuses a write by which somebody would have the operator do what they may not do themselves. Who asks for nothing
 * that the resource did not have before is not asked about; without an answer from the API server nothing passes.
 */
export function createRightsCheck(connect: ConnectRights, budgetMs = BUDGET_MS): IstioOperatorCheck {
  return async (change, context) => {
    if (change.operation === 'DELETE' || change.isUnaffecting) return {};
    const signal = AbortSignal.any([context.signal, AbortSignal.timeout(budgetMs)]);
    try {
      return await judge(change, connect(signal));
    } catch (error) {
      return denyUnanswered(error);
    }
  };
}

async function judge(change: IstioOperatorChange, { askAccess, api }: RightsSource): Promise<CheckAnswer> {
  const study = await change.study();
  if (!study.ok) return {};
  const namespaces = await findMissingNamespaces(study.newNamespaces, api);
  const requirements = [...computeRequirements({ wanted: namespaces, had: [] }), ...study.requirements];
  const requester = requesterOf(change.request);
  const missing = await findMissing(requirements, (right) => askAccess(requester, right));
  return missing.length === 0 ? {} : { denial: forbid(requester, missing) };
}

/** Namespaces that the operator would make. */
async function findMissingNamespaces(names: readonly string[], api: Pick<KubeApi, 'get'>): Promise<KubeObject[]> {
  const refs = names.map((name) => ({ apiVersion: 'v1', kind: 'Namespace', name }));
  const found = await Promise.all(refs.map((ref) => api.get(ref)));
  return refs
    .filter((_, index) => !found[index])
    .map(({ apiVersion, kind, name }) => ({ apiVersion, kind, metadata: { name } }));
}

function requesterOf({ userInfo }: AdmissionRequest): Requester {
  const { username, uid, groups, extra } = userInfo ?? {};
  return {
    ...(username === undefined ? {} : { username }),
    ...(typeof uid === 'string' ? { uid } : {}),
    ...(groups ? { groups } : {}),
    ...(isJsonObject(extra) ? { extra: extra as Record<string, string[]> } : {}),
  };
}

function forbid({ username = '' }: Requester, missing: readonly Missing[]): NonNullable<CheckAnswer['denial']> {
  const lines = missing.map(({ about, anyOf }) => {
    const ways = anyOf.map((rights) => listSome(formatRights(rights), 3)).join(', or ');
    return `  * ${ways} (for ${listSome(about, 2)})`;
  });
  const message = `user "${username}" asks the operator for what they may not do themselves; missing rights:\n${lines.join('\n')}`;
  return { verdict: 'RightsMissing', message, code: 403, reason: 'Forbidden' };
}
