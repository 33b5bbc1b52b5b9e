import { camelCase } from '../camel-case.ts';
import { fieldPath, itemPath } from '../field-path.ts';
import { NOTHING_LATER, type LaterFields } from '../later-fields.ts';
import { nearest } from '../near-miss.ts';
import type { Problem, Result } from '../problem.ts';
import { decodeOutlined, type UnknownField } from '../proto/decode-outlined.ts';
import type { MessageOutline } from '../proto/outline.ts';
import { successorOf } from '../withdrawn-fields.ts';
import { isPlainObject, NAMES_SHOWN, notAChoice, wrongType } from '../wrong-value.ts';
import { choicesIn, isOfType } from './leaf-type.ts';
import type { LeafOutline, MapOutline, ObjectOutline, SettingsOutline } from './outline.ts';

interface Findings {
  problems: Problem[];
  warnings: Problem[];
  /** What the minor that is decoded for does not know yet. */
  later: LaterFields;
}

/** Where there are too many names to list them. */
const NO_SUCH_VALUE = 'remove it, or look for the right name in docs/reference/istiooperator.md';

/** As `decode`, by what is known of the type without its schema. */
export function decodeSettings(
  outline: SettingsOutline,
  value: unknown,
  path: string,
  later: LaterFields = NOTHING_LATER,
): Result<unknown> {
  const findings: Findings = { problems: [], warnings: [], later };
  walk(findings, outline, value, path);
  const { problems, warnings } = findings;
  return problems.length > 0 ? { ok: false, problems, warnings } : { ok: true, value, warnings };
}

function walk(findings: Findings, outline: SettingsOutline, value: unknown, path: string): void {
  if (value === undefined || value === null) return;
  switch (outline.form) {
    case 'any':
      return;
    case 'leaf':
      return walkLeaf(findings, outline, value, path);
    case 'message':
      return walkMessage(findings, outline.message, value, path);
    case 'list':
      return walkList(findings, outline.element, value, path);
    case 'map':
    case 'object':
      return walkFields(findings, outline, value, path);
  }
}

function walkList(findings: Findings, element: SettingsOutline, value: unknown, path: string): void {
  if (!Array.isArray(value)) findings.problems.push(wrongType(path, 'a list', value));
  else value.forEach((item, i) => walk(findings, element, item, itemPath(path, i)));
}

function walkFields(findings: Findings, outline: MapOutline | ObjectOutline, value: unknown, path: string): void {
  if (!isPlainObject(value)) findings.problems.push(wrongType(path, 'an object', value));
  else if (outline.form === 'object') walkObject(findings, outline, value, path);
  else for (const [key, item] of Object.entries(value)) walk(findings, outline.value, item, fieldPath(path, key));
}

function walkObject(findings: Findings, outline: ObjectOutline, value: Record<string, unknown>, path: string): void {
  const { name = '', dialect } = outline;
  const fields = outline.readFields();
  for (const [key, item] of Object.entries(value)) {
    const known = fields.has(key) ? key : otherSpelling(outline, key);
    const read = known === undefined ? undefined : fields.get(known);
    const since = known === undefined ? undefined : findings.later.get(name)?.get(known);
    if (known === undefined || !read || since !== undefined) {
      reportUnknown(findings, outline, { key, path, since });
      continue;
    }
    if (known !== key && dialect === 'values') {
      findings.warnings.push({
        path: fieldPath(path, key),
        code: 'SettingUnused',
        message: 'has no effect in this spelling',
        hint: `write "${known}"`,
      });
    }
    walk(findings, read(), item, fieldPath(path, key));
  }
}

/** A message is read as Istio reads it, but two fields of which one may be set are refused while they can be mended. */
function walkMessage(findings: Findings, message: MessageOutline, value: unknown, path: string): void {
  const { later } = findings;
  const result = decodeOutlined(message, value, path, { later, oneOfs: 'refuse', hintFor: hintInMessage });
  findings.warnings.push(...result.warnings);
  if (!result.ok) findings.problems.push(...result.problems);
}

function hintInMessage({ message, name, knownFields }: UnknownField): string | undefined {
  return successorOf(message, name) ?? (nearHint(name, knownFields) || knownNames(knownFields));
}

interface UnknownKey {
  key: string;
  path: string;
  /** The minor that brought it. */
  since: string | undefined;
}

function reportUnknown(findings: Findings, outline: ObjectOutline, { key, path, since }: UnknownKey): void {
  const own = successorOf(outline.name, key) ?? hintForUnknown(outline, key);
  const hint = since === undefined ? own : `it came with Istio ${since}`;
  const code = since === undefined ? 'UnknownField' : 'FieldTooNew';
  findings.problems.push({ path: fieldPath(path, key), code, message: 'unknown field', ...(hint ? { hint } : {}) });
}

function hintForUnknown({ dialect, readFields }: ObjectOutline, key: string): string {
  const names = [...readFields().keys()];
  return nearHint(key, names) || knownNames(names) || (dialect === 'values' ? NO_SUCH_VALUE : '');
}

function nearHint(key: string, names: readonly string[]): string {
  const meant = nearest(key, names);
  return meant === undefined ? '' : `did you mean "${meant}"?`;
}

function knownNames(names: readonly string[]): string {
  if (names.length === 0) return 'this object has no fields';
  return names.length <= NAMES_SHOWN ? `known fields: ${names.join(', ')}` : '';
}

/** The name in the schema that a protobuf reader takes `key` for. */
function otherSpelling({ dialect, readFields }: ObjectOutline, key: string): string | undefined {
  if (dialect === 'kube') return undefined;
  const fields = readFields();
  const camel = camelCase(key);
  if (fields.has(camel)) return camel;
  return [...fields.keys()].find((name) => name.includes('_') && camelCase(name) === key);
}

function walkLeaf(findings: Findings, { takes, expects }: LeafOutline, value: unknown, path: string): void {
  if (takes.some((type) => isOfType(type, value))) return;
  const choices = choicesIn(takes);
  findings.problems.push(
    choices && typeof value === 'string' ? notAChoice(path, choices, value) : wrongType(path, expects, value),
  );
}
