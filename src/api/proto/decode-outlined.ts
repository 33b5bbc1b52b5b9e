import { fieldPath, itemPath } from '../field-path.ts';
import { nearest } from '../near-miss.ts';
import type { Problem, Result } from '../problem.ts';
import { compile } from './compile.ts';
import { Findings, type Finding, type ReadOptions } from './findings.ts';
import type { Outline } from './outline.ts';

/** As many unknown fields are compared with the known ones; a body full of them must not cost more. */
const HINTS = 32;

/** A field that a message does not have. */
export interface UnknownField {
  message: string;
  name: string;
  knownFields: readonly string[];
}

export interface DecodeOptions extends ReadOptions {
  /** What to do about an unknown field; by default, which known one looks like it. */
  hintFor?: (unknown: UnknownField) => string | undefined;
}

/** As decodeMessage, by what is known of the message without its schema. */
export function decodeOutlined(
  outline: Outline,
  json: unknown,
  path: string,
  options: DecodeOptions = {},
): Result<unknown> {
  const findings = new Findings(options);
  const value = json === null || json === undefined ? {} : compile(outline)(json, findings);
  if (findings.length === 0) return { ok: true, value, warnings: [] };
  const { hintFor = nameLike } = options;
  const unknown = findings.list.filter((finding) => finding.unknownIn);
  const warnings = unknown.map((item, i) => problemOf(withHint(item, i < HINTS ? hintFor : undefined), path));
  const problems = findings.list.filter((finding) => !finding.unknownIn).map((item) => problemOf(item, path));
  return problems.length > 0 ? { ok: false, problems, warnings } : { ok: true, value, warnings };
}

function pathOf(steps: (string | number)[], root: string): string {
  return steps.reduceRight<string>(
    (path, step) => (typeof step === 'number' ? itemPath(path, step) : fieldPath(path, step)),
    root,
  );
}

function problemOf({ steps, code, message, hint, since }: Finding, root: string): Problem {
  return {
    path: pathOf(steps, root),
    code,
    message,
    ...(hint ? { hint } : {}),
    ...(since === undefined ? {} : { since }),
  };
}

function withHint(finding: Finding, hintFor: DecodeOptions['hintFor']): Finding {
  const { steps, since, unknownIn } = finding;
  if (since !== undefined) return { ...finding, hint: `it came with Istio ${since}` };
  const { name: message = '', fields: knownFields = [] } = unknownIn ?? {};
  const hint = hintFor?.({ message, name: String(steps[0] ?? ''), knownFields });
  return hint === undefined ? finding : { ...finding, hint };
}

function nameLike({ name, knownFields }: UnknownField): string | undefined {
  const meant = nearest(name, knownFields);
  return meant === undefined ? undefined : `did you mean "${meant}"?`;
}
