import {
  hasLabels,
  meetsRequirement,
  type LabelRequirement,
  type Labels,
  type LabelSelector,
} from '../label-selector.ts';

type Selector = LabelSelector | null | undefined;

interface Requirement {
  key: string;
  operator: string;
  values: readonly string[];
}

/** Says which requirements of a webhook's selector the labels do not meet; an empty selector takes everything. */
export function listUnmetRequirements(selector: Selector, labels: Labels): string[] {
  return requirementsOf(selector)
    .filter((requirement) => !isMet(requirement, labels[requirement.key]))
    .map((unmet) => {
      const value = labels[unmet.key];
      return `wants ${printed(unmet)}, but ${value === undefined ? 'there is no such label' : `it is "${value}"`}`;
    });
}

/** Whether {@link listUnmetRequirements} has nothing to say, for those who ask it of thousands. */
export function meetsRequirements(selector: Selector, labels: Labels): boolean {
  return (
    hasLabels(labels, selector?.matchLabels) &&
    (selector?.matchExpressions ?? []).every((requirement) => isMet(requirement, labels[requirement.key]))
  );
}

/**
 * Whether some labels could meet both selectors. Exact for requirements that Kubernetes knows, and true in doubt.
 * Labels in `present` are never absent.
 */
export function canOverlap(a: Selector, b: Selector, present: readonly string[] = []): boolean {
  const all = [...requirementsOf(a), ...requirementsOf(b)];
  return [...new Set(all.map(({ key }) => key))].every((key) => {
    const concerned = all.filter((requirement) => requirement.key === key);
    return canMeet(concerned, present.includes(key));
  });
}

/** Labels are independent of each other, so that it is enough to find a value for each. */
function canMeet(requirements: readonly Requirement[], isPresent: boolean): boolean {
  const holds = (value: string | undefined): boolean => requirements.every((one) => isMet(one, value));
  const named = requirements.flatMap(({ values }) => values);
  return (!isPresent && holds(undefined)) || named.some(holds) || holds(otherThan(named));
}

/** A value that no requirement names. */
function otherThan(values: readonly string[]): string {
  const longest = values.reduce((length, value) => Math.max(length, value.length), 0);
  return 'x'.repeat(longest + 1);
}

/** In doubt, such as with an operator of a later Kubernetes, a requirement counts as met. */
function isMet(requirement: LabelRequirement, value: string | undefined): boolean {
  return meetsRequirement(requirement, value) ?? true;
}

function requirementsOf(selector: Selector): Requirement[] {
  const labels = Object.entries(selector?.matchLabels ?? {});
  return [
    ...labels.map(([key, value]) => ({ key, operator: 'In', values: [value] })),
    ...(selector?.matchExpressions ?? []).map(({ key, operator, values }) => ({ key, operator, values: values ?? [] })),
  ];
}

function printed({ key, operator, values }: Requirement): string {
  switch (operator) {
    case 'In':
      return values.length === 1 ? `label ${key} "${values[0]}"` : `label ${key} in [${values.join(', ')}]`;
    case 'NotIn':
      return `label ${key} not in [${values.join(', ')}]`;
    case 'DoesNotExist':
      return `no label ${key}`;
    default:
      return `a label ${key}`;
  }
}
