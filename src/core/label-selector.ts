/** Labels of a resource. */
export type Labels = Readonly<Record<string, string>>;

/** One requirement of a label selector. */
export interface LabelRequirement {
  key: string;
  operator: string;
  values?: readonly string[] | null;
}

/** A label selector of Kubernetes. */
export interface LabelSelector {
  matchLabels?: Labels | null;
  matchExpressions?: readonly LabelRequirement[] | null;
}

/** Whether a label with this value, or none, meets a requirement; undefined for an operator that Kubernetes does not know. */
export function meetsRequirement(
  { operator, values }: Pick<LabelRequirement, 'operator' | 'values'>,
  value: string | undefined,
): boolean | undefined {
  const isListed = value !== undefined && (values ?? []).includes(value);
  switch (operator) {
    case 'In':
      return isListed;
    case 'NotIn':
      return !isListed;
    case 'Exists':
      return value !== undefined;
    case 'DoesNotExist':
      return value === undefined;
    default:
      return undefined;
  }
}

/** Whether labels carry every pair; no pairs select everything. */
export function hasLabels(labels: Labels, wanted: Labels | null | undefined): boolean {
  return Object.entries(wanted ?? {}).every(([key, value]) => labels[key] === value);
}

/** Whether a selector selects labels. Absent or empty selects everything; one that makes no sense, nothing. */
export function isSelected(labels: Labels, selector: LabelSelector | null | undefined): boolean {
  return (
    hasLabels(labels, selector?.matchLabels) &&
    (selector?.matchExpressions ?? []).every(
      (requirement) => meetsRequirement(requirement, labels[requirement.key]) === true,
    )
  );
}

/** `a=b,c=d`, sorted: how messages print a selector. */
export function selectorText(selector: Labels | undefined): string {
  return Object.entries(selector ?? {})
    .map(([key, value]) => `${key}=${value}`)
    .sort()
    .join(',');
}
