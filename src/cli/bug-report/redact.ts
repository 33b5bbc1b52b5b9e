import { isJsonObject, type Json, type JsonObject } from '../../core/kube-object.ts';

/** What stands for a value that is nobody's business. */
export const REDACTED = '[left out]';

/** Names of fields, variables and annotations behind which secrets stand. */
const SECRET_NAME =
  /pass(word|phrase|wd)?|secret|token|credential|api[-_]?key|private[-_]?key|authorization|cookie|jwks$|(^|[-_.])key$/i;
/** Fields that name a Secret, or say where one is, and hold none. */
const HARMLESS: ReadonlySet<string> = new Set([
  'credentialName',
  'secretName',
  'secretKeyRef',
  'secretRef',
  'imagePullSecrets',
  'automountServiceAccountToken',
  'serviceAccountToken',
  'tokenRef',
  'cookieName',
  'httpCookie',
  'topologyKey',
  'key',
]);
/** Whole parts of specs that are a plugin's own, in any form. */
const OPAQUE: ReadonlySet<string> = new Set([
  'pluginConfig',
  'typed_config',
  'typedConfig',
  'caBundle',
  'managedFields',
]);
/** Keeps the whole object as it was applied, with all that is left out elsewhere. */
const LAST_APPLIED = 'kubectl.kubernetes.io/last-applied-configuration';

/** Secrets by their form, wherever they stand in a text. */
const FORMS: readonly (readonly [form: RegExp, instead: string])[] = [
  [/-----BEGIN [A-Z ]*(PRIVATE KEY|CERTIFICATE)-----[\s\S]*?(-----END [A-Z ]*-----|$)/g, REDACTED],
  [/\beyJ[\w-]{5,}\.[\w-]+\.[\w-]*/g, REDACTED],
  [/\b(Bearer|Basic)\s+[\w.~+/=-]{6,}/gi, `$1 ${REDACTED}`],
  [/([a-z][a-z0-9+.-]*:\/\/)[^\s/@:]+:[^\s/@]+@/gi, `$1${REDACTED}@`],
  [/\b(AKIA|ASIA)[A-Z0-9]{16}\b/g, REDACTED],
  [/\bgh[pousr]_[A-Za-z0-9]{20,}\b/g, REDACTED],
  [
    /("?[\w.-]*(?:pass(?:word|phrase|wd)?|secret|token|credential|api[-_]?key|private[-_]?key)[\w.-]*"?\s*[=:]\s*"?)[^\s"',}&]+/gi,
    `$1${REDACTED}`,
  ],
];

/** A text without secrets of known forms: keys, certificates, tokens, and values that a name calls secret. */
export function redactText(text: string): string {
  return FORMS.reduce((left, [form, instead]) => left.replace(form, instead), text);
}

/**
 * A value without what may be secret: by the names of fields, of variables, and by the form of texts. What a Secret holds
 * is left out as a whole; it should not have been read.
 */
export function redact(value: Json | undefined): Json {
  if (typeof value === 'string') return redactText(value);
  if (Array.isArray(value)) return value.map(redact);
  if (!isJsonObject(value)) return value ?? null;
  if (value.kind === 'Secret') return { ...pick(value, ['apiVersion', 'kind']), data: REDACTED };
  return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, redactField(key, item, value)]));
}

function redactField(key: string, item: Json | undefined, parent: JsonObject): Json {
  if (OPAQUE.has(key) || key === LAST_APPLIED) return REDACTED;
  if (isNamedSecret(key, parent)) return REDACTED;
  if (HARMLESS.has(key)) return redact(item);
  if (SECRET_NAME.test(key) && !isStructure(item)) return REDACTED;
  return redact(item);
}

/** `{name: DB_PASSWORD, value: ...}`, in lists of variables, headers and the like. */
function isNamedSecret(key: string, { name }: JsonObject): boolean {
  return key === 'value' && typeof name === 'string' && SECRET_NAME.test(name);
}

/** Below a map, each field is judged by itself; a boolean or a number is no secret. */
function isStructure(item: Json | undefined): boolean {
  return typeof item === 'boolean' || typeof item === 'number' || isJsonObject(item) || item === null;
}

function pick(object: JsonObject, keys: readonly string[]): JsonObject {
  return Object.fromEntries(keys.flatMap((key) => (object[key] === undefined ? [] : [[key, object[key]]])));
}
