import type { StringMatch } from '../../../../api/networking/string-match.ts';
import type { Findings } from '../../findings.ts';
import { findRegexFault } from '../../rules/regex.ts';

/** Records a prefix that is empty, and a regular expression that is none. */
export function checkStringMatch(match: StringMatch | undefined, path: string, findings: Findings): void {
  if (match?.prefix === '')
    findings.error(`${path}.prefix`, 'PrefixEmpty', 'must not be empty: remove it to match any value');
  checkRegexMatch(match, path, findings);
}

/** Records a regular expression that is none; an empty prefix is taken here. */
export function checkRegexMatch(match: StringMatch | undefined, path: string, findings: Findings): void {
  if (match?.regex !== undefined) findings.check(`${path}.regex`, findRegexFault(match.regex));
}
