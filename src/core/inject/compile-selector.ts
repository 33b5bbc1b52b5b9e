import { isSelected, type Labels, type LabelRequirement, type LabelSelector } from '../label-selector.ts';

type Requirement = (labels: Labels) => boolean;

/** A selector made ready for matching. */
export interface CompiledSelector {
  /** Matches nothing when the selector is empty. */
  matches: Requirement;
  /** Why the selector is ignored, such as an unknown operator. */
  problem?: string;
}

/** Prepares a selector of the injector's configuration; an empty or an invalid one never matches. */
export function compileSelector(selector: LabelSelector): CompiledSelector {
  const { matchLabels, matchExpressions } = selector;
  const requirements = matchExpressions ?? [];
  const [problem] = requirements.flatMap((requirement) => findFault(requirement) ?? []);
  if (problem !== undefined) return { matches: () => false, problem };
  if (requirements.length === 0 && Object.keys(matchLabels ?? {}).length === 0) return { matches: () => false };
  return {
    matches: (labels) => isSelected(labels, selector),
  };
}

function findFault({ key, operator, values }: LabelRequirement): string | undefined {
  const count = values?.length ?? 0;
  switch (operator) {
    case 'In':
    case 'NotIn':
      return count === 0 ? `operator ${operator} of label ${key} needs values` : undefined;
    case 'Exists':
    case 'DoesNotExist':
      return count > 0 ? `operator ${operator} of label ${key} takes no values` : undefined;
    default:
      return `unknown operator ${JSON.stringify(operator)} of label ${key}: use In, NotIn, Exists or DoesNotExist`;
  }
}
