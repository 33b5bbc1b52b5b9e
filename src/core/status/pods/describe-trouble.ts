import { POD_REASONS, type PodReason } from '../../../api/install/pod-reasons.ts';
import { boundText } from '../bound-text.ts';
import type { PodTrouble } from './pod-trouble.ts';
import { isFormer, type TemplateLabel } from './pod-template.ts';

/** One trouble, and how many pods have the same. */
export interface RankedTrouble {
  trouble: PodTrouble;
  /** Its pod is of a version that is being replaced: it fails without harm. */
  isFormer: boolean;
  alike: number;
}

/** What a workload's pods tell, for its status. */
export interface PodVerdict {
  reason: PodReason;
  text: string;
  /** Nothing gets better unless somebody acts. */
  isFailure: boolean;
}

const MAX_DETAIL = 400;

/** The different troubles, the most telling first: failures of the wanted version, what is slow, what is on its way out. */
export function rankTroubles(troubles: readonly PodTrouble[], template: TemplateLabel | undefined): RankedTrouble[] {
  const groups = new Map<string, RankedTrouble>();
  for (const trouble of troubles) {
    const former = isFormer(trouble.pod.metadata, template);
    const key = [former, trouble.container, trouble.reason].join(' ');
    const known = groups.get(key);
    if (known) known.alike += 1;
    else groups.set(key, { trouble, isFormer: former, alike: 0 });
  }
  const rank = ({ trouble, isFormer: former }: RankedTrouble): number =>
    Number(former) * 4 + Number(!trouble.isFailure) * 2 + Number(trouble.reason === 'StuckTerminating');
  return [...groups.values()].sort((a, b) => rank(a) - rank(b));
}

/** Which pod, which container, why, and what to do. */
export function describeTrouble({ trouble, isFormer: former, alike }: RankedTrouble): PodVerdict {
  const { pod, container, reason, detail, isFailure } = trouble;
  const { name, namespace = '' } = pod.metadata;
  const more = alike > 0 ? ` (and ${alike} more)` : '';
  const where = `${former ? 'former ' : ''}pod ${name}${more}${container === undefined ? '' : `, ${container}`}`;
  const names = { NAMESPACE: namespace, POD: name, CONTAINER: container?.split(' ').at(-1) ?? '' };
  return { reason, text: `${where}: ${explain(reason, detail, names)}`, isFailure: isFailure && !former };
}

/** `Reason (detail); what to do`. */
export function explain(reason: PodReason, detail: string, names: Readonly<Record<string, string>> = {}): string {
  const said = detail === '' ? '' : ` (${boundText(detail.replace(/\s+/g, ' '), MAX_DETAIL)})`;
  const todo = POD_REASONS[reason].todo.replace(/NAMESPACE|POD|CONTAINER/g, (word) => names[word] ?? word);
  return `${reason}${said}; ${todo}`;
}
