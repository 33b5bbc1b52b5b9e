import type { z } from 'zod';
import { fieldPath, itemPath } from '../field-path.ts';
import { nearest } from '../near-miss.ts';
import type { LaterFields } from '../later-fields.ts';
import type { Problem, Result } from '../problem.ts';
import { compile } from './compile.ts';
import { Findings, type Finding } from './findings.ts';
import type { MessageSchema } from './message-schema.ts';

/** As many unknown fields are compared with the known ones; a body full of them must not cost more. */
const HINTS = 32;

/**
 * Decodes the JSON of a message as Istio's own reader does. Real type errors are problems, and all of them are listed;
 * unknown fields, and those that came `later`, are warnings. The value is a new plain object with canonical names, and nothing but known fields.
 */
export function decodeMessage<S extends MessageSchema>(
  schema: S,
  json: unknown,
  path: string,
  later?: LaterFields,
): Result<z.infer<S>> {
  const findings = new Findings(later);
  const value = json === null || json === undefined ? {} : compile(schema)(json, findings);
  if (findings.length === 0) return { ok: true, value: value as z.infer<S>, warnings: [] };
  const warnings = findings.list.filter((finding) => finding.knownFields).map((item, i) => warningOf(item, path, i));
  const problems = findings.list.filter((finding) => !finding.knownFields).map((item) => problemOf(item, path));
  return problems.length > 0 ? { ok: false, problems, warnings } : { ok: true, value: value as z.infer<S>, warnings };
}

function pathOf(steps: (string | number)[], root: string): string {
  return steps.reduceRight<string>(
    (path, step) => (typeof step === 'number' ? itemPath(path, step) : fieldPath(path, step)),
    root,
  );
}

function problemOf({ steps, message, hint }: Finding, root: string): Problem {
  return { path: pathOf(steps, root), message, ...(hint ? { hint } : {}) };
}

function warningOf(finding: Finding, root: string, index: number): Problem {
  const { since } = finding;
  if (since !== undefined) return { ...problemOf({ ...finding, hint: `it came with Istio ${since}` }, root), since };
  const key = String(finding.steps[0] ?? '');
  const meant = index < HINTS ? nearest(key, finding.knownFields ?? []) : undefined;
  return problemOf({ ...finding, ...(meant === undefined ? {} : { hint: `did you mean "${meant}"?` }) }, root);
}
