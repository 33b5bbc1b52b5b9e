import { errorText } from '../../core/error-text.ts';
import type { KubeObject } from '../../core/kube-object.ts';
import type { CheckAnswer, IstioOperatorChange, IstioOperatorCheck } from './istio-operator-change.ts';

/**
 * Who would be left without what a write takes away, in a sentence; empty for nobody. `isKept`: it stays all the same,
 * as long as they use it.
 */
export type FindUsers = (
  removal: {
    /** As it is stored. */
    resource: KubeObject;
    /** As it would be stored; undefined for a deletion. */
    next: KubeObject | undefined;
    /** What `next` renders, by name. */
    desired: readonly KubeObject[];
  },
  signal: AbortSignal,
) => Promise<{ text: string; isKept: boolean }>;

/** How long the API server is asked; it waits 10 s for the answer of this webhook. */
const BUDGET_MS = 5_000;

const KEPT = 'it stays until then, or until another IstioOperator has it';

/**
 * Refuses a deletion, or a change of the spec, that takes a revision away from those who use it, and warns of a tag, which stays
 * until they moved: to refuse that would keep one commit from moving a tag between two resources. Without an
 * answer from the API server it passes: the operator looks again before it removes anything.
 */
export function createRemovalCheck(findUsers: FindUsers, budgetMs = BUDGET_MS): IstioOperatorCheck {
  return async (change, context) => {
    const { object: next, oldObject: resource } = change;
    if (!resource || change.isUnaffecting) return {};
    const desired = await renderDesired(change);
    if (!desired) return {};
    const signal = AbortSignal.any([context.signal, AbortSignal.timeout(budgetMs)]);
    try {
      const { text, isKept } = await findUsers({ resource, next, desired }, signal);
      if (text === '') return {};
      return isKept ? { warnings: [`${text}; ${KEPT}`] } : { denial: refuse(change, text) };
    } catch (error) {
      const cause = errorText(error);
      return { warnings: [`whether the revision is in use is not known (${cause}); the operator looks again`] };
    }
  };
}

/** A deletion is in conflict with what is there. Of a change, clients would read that as one of field managers. */
function refuse({ operation }: IstioOperatorChange, message: string): NonNullable<CheckAnswer['denial']> {
  const status = operation === 'DELETE' ? { code: 409, reason: 'Conflict' } : { code: 403, reason: 'Forbidden' };
  return { verdict: 'RevisionInUse', message, ...status };
}

async function renderDesired(change: IstioOperatorChange): Promise<readonly KubeObject[] | undefined> {
  if (change.operation === 'DELETE') return [];
  const study = await change.study();
  return study.ok ? study.objects : undefined;
}
