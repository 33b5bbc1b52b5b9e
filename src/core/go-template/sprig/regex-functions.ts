import { RE2JS, RE2JSException } from 're2js';
import { textList } from '../go-values.ts';
import { MAX_TEXT } from '../print-value.ts';
import { TemplateError } from '../template-error.ts';
import { fixed, type FunctionTable } from '../template-function.ts';

interface Match {
  start: number;
  end: number;
  groups: (string | undefined)[];
  named: Readonly<Record<string, string>>;
}

function compile(pattern: string): RE2JS {
  try {
    return RE2JS.compile(pattern);
  } catch (error) {
    if (error instanceof RE2JSException)
      throw new TemplateError(`regular expression ${JSON.stringify(pattern)}: ${error.message}`);
    throw error;
  }
}

function matches(pattern: string, text: string, limit = -1): Match[] {
  const compiled = compile(pattern);
  const names = Object.entries(compiled.namedGroups());
  const matcher = compiled.matcher(text);
  const found: Match[] = [];
  while (found.length !== limit && matcher.find()) {
    const groups = Array.from({ length: matcher.groupCount() + 1 }, (_, index) => matcher.group(index) ?? undefined);
    const named = Object.fromEntries(names.map(([name, index]) => [name, groups[index] ?? '']));
    const match = { start: matcher.start(), end: matcher.end(), groups, named };
    // Go skips an empty match that touches the match before it.
    if (match.start === match.end && match.start === found.at(-1)?.end) continue;
    found.push(match);
  }
  return found;
}

const REFERENCE = /\$(?:\$|\{(\w+)\}|(\w+))/g;

/** A replacement with Go's references: `$1`, `$name`, `${1}x`, `$$`. */
function expanded(replacement: string, { groups, named }: Match): string {
  return replacement.replace(REFERENCE, (whole: string, braced?: string, bare?: string) => {
    if (whole === '$$') return '$';
    const name = braced ?? bare ?? '';
    return /^\d+$/.test(name) ? (groups[Number(name)] ?? '') : Object.hasOwn(named, name) ? (named[name] ?? '') : '';
  });
}

function replaced(pattern: string, text: string, replacement: (match: Match) => string): string {
  let result = '';
  let end = 0;
  for (const match of matches(pattern, text)) {
    result += text.slice(end, match.start) + replacement(match);
    end = match.end;
    if (result.length > MAX_TEXT) throw new TemplateError(`the result is longer than ${MAX_TEXT} characters`);
  }
  return result + text.slice(end);
}

function split(pattern: string, text: string, limit: number): string[] {
  if (limit === 0) return [];
  if (pattern !== '' && text === '') return [''];
  const parts: string[] = [];
  let start = 0;
  for (const match of matches(pattern, text)) {
    if (limit > 0 && parts.length === limit - 1) break;
    if (match.end === 0 || (match.start === match.end && match.start === text.length)) continue;
    parts.push(text.slice(start, match.start));
    start = match.end;
  }
  return [...parts, text.slice(start)];
}

const match = fixed(['text', 'text'], (pattern, text) => compile(pattern).matcher(text).find());
const find = fixed(['text', 'text'], (pattern, text) => matches(pattern, text, 1)[0]?.groups[0] ?? '');
const findAll = fixed(['text', 'text', 'int'], (pattern, text, limit) =>
  textList(matches(pattern, text, limit).map(({ groups }) => groups[0] ?? '')),
);
const replaceAll = fixed(['text', 'text', 'text'], (pattern, text, replacement) =>
  replaced(pattern, text, (found) => expanded(replacement, found)),
);
const replaceLiteral = fixed(['text', 'text', 'text'], (pattern, text, replacement) =>
  replaced(pattern, text, () => replacement),
);
const splitAll = fixed(['text', 'text', 'int'], (pattern, text, limit) => textList(split(pattern, text, limit)));

/** sprig's regular expressions, in Go's syntax and without its exponential time. */
export const REGEX_FUNCTIONS: FunctionTable = {
  mustRegexFind: find,
  mustRegexFindAll: findAll,
  mustRegexMatch: match,
  mustRegexReplaceAll: replaceAll,
  mustRegexReplaceAllLiteral: replaceLiteral,
  mustRegexSplit: splitAll,
  regexFind: find,
  regexFindAll: findAll,
  regexMatch: fixed(['text', 'text'], (pattern, text) => {
    try {
      return compile(pattern).matcher(text).find();
    } catch (error) {
      if (error instanceof TemplateError) return false;
      throw error;
    }
  }),
  regexQuoteMeta: fixed(['text'], (text) => text.replace(/[\\.+*?()|[\]{}^$]/g, '\\$&')),
  regexReplaceAll: replaceAll,
  regexReplaceAllLiteral: replaceLiteral,
  regexSplit: splitAll,
};
