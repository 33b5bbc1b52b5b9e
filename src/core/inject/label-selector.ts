/** A Kubernetes label selector. */
export interface LabelSelector {
  matchLabels?: Record<string, string> | null;
  matchExpressions?: { key: string; operator: string; values?: string[] | null }[] | null;
}

type Labels = Readonly<Record<string, string>>;
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
  const requirements: Requirement[] = Object.entries(selector.matchLabels ?? {}).map(
    ([key, value]) =>
      (labels) =>
        labels[key] === value,
  );
  for (const expression of selector.matchExpressions ?? []) {
    const requirement = compileExpression(expression);
    if (typeof requirement === 'string') return { matches: () => false, problem: requirement };
    requirements.push(requirement);
  }
  if (requirements.length === 0) return { matches: () => false };
  return { matches: (labels) => requirements.every((holds) => holds(labels)) };
}

type Expression = NonNullable<LabelSelector['matchExpressions']>[number];

function compileExpression({ key, operator, values }: Expression): Requirement | string {
  const list = values ?? [];
  switch (operator) {
    case 'In':
    case 'NotIn': {
      if (list.length === 0) return `operator ${operator} of label ${key} needs values`;
      const wanted = operator === 'In';
      return (labels) => {
        const value = labels[key];
        return value === undefined ? !wanted : list.includes(value) === wanted;
      };
    }
    case 'Exists':
    case 'DoesNotExist': {
      if (list.length > 0) return `operator ${operator} of label ${key} takes no values`;
      const wanted = operator === 'Exists';
      return (labels) => (labels[key] !== undefined) === wanted;
    }
    default:
      return `unknown operator ${JSON.stringify(operator)} of label ${key}: use In, NotIn, Exists or DoesNotExist`;
  }
}
