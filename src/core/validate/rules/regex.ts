import { RE2Set } from 're2js';
import { errorText } from '../../error-text.ts';
import { RecentTexts } from '../../recent-texts.ts';
import type { Fault } from '../findings.ts';
import { byteLength } from './byte-length.ts';
import { simplifyExpression } from './simplify-expression.ts';

const MAX_BYTES = 1024;

/** A regular expression in RE2's syntax, which Envoy runs. Read by a port of RE2, in linear time. */
export function findRegexFault(text: string): Fault | undefined {
  if (text === '') return { code: 'RegexEmpty', message: 'must not be an empty regular expression' };
  return findRegexSyntaxFault(text);
}

/** As {@link findRegexFault}, for places where an empty expression is taken. */
export function findRegexSyntaxFault(text: string): Fault | undefined {
  const length = byteLength(text);
  if (length > MAX_BYTES) {
    return { code: 'RegexTooLong', message: `is ${length} bytes long; a regular expression has at most ${MAX_BYTES}` };
  }
  if (PLAIN.test(text)) return undefined;
  const { cause } = read.of(text, judge);
  if (cause === undefined) return undefined;
  const message = `is not a regular expression in RE2's syntax, which has no look-around and no back references: ${cause}`;
  return { code: 'RegexInvalid', message };
}

/**
 * Letters, marks that mean themselves, `.`, usual escapes and groups of plain alternatives, each at most once repeated:
 * RE2 takes all of these, and to load its port takes longer than to judge a file.
 */
const PLAIN = /^\^?(?:(?:[\w /:,;=@%~&<>!"'#-]|\.|\\[./dDwWsS-]|\([\w./-]+(?:\|[\w./-]+)*\))[*+?]?)+\$?$/;

const GROUP_NAME = /\(\?P?<[A-Za-z0-9_]+>/g;
const DUPLICATE_NAME = 'duplicate capture group name';

/** What was said of the last ones: a resource is judged each time it is changed, and its expressions seldom are. */
const read = new RecentTexts<{ cause: string | undefined }>({ texts: 256, length: 256 });

function judge(expression: string): { cause: string | undefined } {
  return { cause: findSyntaxError(expression) };
}

/** Judged in a form that is as good or bad as the expression and quick to read. */
function findSyntaxError(expression: string): string | undefined {
  const text = simplifyExpression(expression, isUnicodeClass);
  const cause = findCompileError(text);
  // Go takes two groups of one name, the port of RE2 does not.
  return cause?.includes(DUPLICATE_NAME) ? findCompileError(text.replaceAll(GROUP_NAME, '(')) : cause;
}

const unicodeClasses = new Map<string, boolean>();
/** More names than there are; whoever makes some up must not fill the memory. */
const MAX_CLASSES = 1_000;

function isUnicodeClass(escape: string): boolean {
  const known = unicodeClasses.get(escape);
  if (known !== undefined) return known;
  const isKnown = findCompileError(escape) === undefined;
  if (unicodeClasses.size < MAX_CLASSES) unicodeClasses.set(escape, isKnown);
  return isKnown;
}

function findCompileError(text: string): string | undefined {
  try {
    // A set only reads what it is given; compiling for a search costs up to forty times as much.
    new RE2Set().add(text);
    return undefined;
  } catch (error) {
    return errorText(error);
  }
}
