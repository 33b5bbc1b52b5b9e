import { fieldPath } from '../../../api/field-path.ts';
import type { Findings } from '../findings.ts';

type Labels = Readonly<Record<string, string>>;

/** Records what is wrong with a selector of networking's kinds. True when it has no errors. */
export function checkWorkloadSelector(
  selector: { labels?: Labels | undefined } | undefined,
  path: string,
  findings: Findings,
): boolean {
  return selector === undefined || checkSelectorLabels(selector.labels, `${path}.labels`, findings);
}

/** Records what is wrong with a selector of policies. True when it has no errors. */
export function checkTypeSelector(
  selector: { matchLabels?: Labels | undefined } | undefined,
  path: string,
  findings: Findings,
): boolean {
  return selector === undefined || checkSelectorLabels(selector.matchLabels, `${path}.matchLabels`, findings);
}

function checkSelectorLabels(labels: Labels | undefined, path: string, findings: Findings): boolean {
  const pairs = Object.entries(labels ?? {});
  if (pairs.length === 0) {
    findings.warn(
      path,
      'SelectorEmpty',
      'has no labels, so it selects every workload of the namespace: say which, or leave it out',
    );
  }
  let isGood = true;
  for (const [key, value] of pairs) {
    if (key === '') {
      findings.error(path, 'SelectorKeyEmpty', 'a label to select by must have a name');
      isGood = false;
    }
    if (key.includes('*') || value.includes('*')) {
      const pair = JSON.stringify(`${key}=${value}`);
      findings.error(
        fieldPath(path, key),
        'SelectorWildcard',
        `${pair}: a selector takes labels literally and knows no *`,
      );
      isGood = false;
    }
  }
  return isGood;
}
