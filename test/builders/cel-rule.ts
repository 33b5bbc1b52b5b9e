import { celEnv, celFunc, celMethod, CelScalar, isCelError, parse, plan, type CelInput } from '@bufbuild/cel';
import { strings } from '@bufbuild/cel/ext';
import { RE2JS } from 're2js';
import { durationNanos, parseDuration } from '../../src/api/proto/duration.ts';
import { parseGoRequestUrl } from '../../src/core/validate/rules/go-url.ts';

/** Kubernetes' functions that our rules use, and the one of CEL's that must read durations as Go does. */
const FUNCTIONS = [
  ...strings,
  // A length in nanoseconds: rules only compare.
  celFunc('duration', [CelScalar.STRING], CelScalar.INT, (text) => {
    const duration = parseDuration(text);
    if (!duration) throw new Error(`not a duration: ${text}`);
    return durationNanos(duration);
  }),
  celFunc('isURL', [CelScalar.STRING], CelScalar.BOOL, (text) => parseGoRequestUrl(text) !== undefined),
  celFunc('url', [CelScalar.STRING], CelScalar.STRING, (text) => {
    if (!parseGoRequestUrl(text)) throw new Error(`not a URL: ${text}`);
    return text;
  }),
  celMethod('getScheme', CelScalar.STRING, [], CelScalar.STRING, function () {
    return parseGoRequestUrl(this)?.scheme ?? '';
  }),
];

const environment = celEnv({
  variables: { self: CelScalar.DYN },
  funcs: FUNCTIONS,
  re2: {
    compile: (pattern) => {
      const expression = RE2JS.compile(pattern);
      return { test: (text) => expression.matcher(text).find() };
    },
  },
});

/** A rule as a predicate, evaluated by CEL. A rule that cannot be evaluated is not kept, as in the API server. */
export function compileCelRule(rule: string): (self: CelInput) => boolean {
  const evaluate = plan(environment, parse(rule));
  return (self) => {
    const result = evaluate({ self });
    return !isCelError(result) && result === true;
  };
}
