import { isJsonObject, type Json, type JsonObject } from '../../kube-object.ts';
import type { Fault } from '../findings.ts';

/** Members that a key of each type must have (RFC 7518, RFC 8037). */
const REQUIRED: Readonly<Record<string, readonly string[]>> = {
  RSA: ['n', 'e'],
  EC: ['crv', 'x', 'y'],
  OKP: ['crv', 'x'],
  oct: ['k'],
};
const PRIVATE_MEMBER = 'd';
const SECRET_TYPE = 'oct';
const NAMES: ReadonlySet<string> = new Set(['crv']);
const BASE64 = /^[-_+/A-Za-z0-9]*={0,2}$/;

/** What was read of a set of keys. */
export interface Jwks {
  fault?: Fault;
  /** Places of keys that hold what only their owner should have. */
  privateKeys: number[];
}

/** Reads a JSON Web Key Set, or a single key, as RFC 7517 has it. */
export function readJwks(text: string): Jwks {
  const value = parseJson(text);
  if (!isJsonObject(value)) return { fault: fault('is not a JSON object'), privateKeys: [] };
  const keys = 'keys' in value ? (value.keys ?? []) : [value];
  if (!Array.isArray(keys)) return { fault: fault('"keys" must be a list'), privateKeys: [] };
  for (const [i, key] of keys.entries()) {
    const cause = findKeyFault(key);
    if (cause !== undefined) return { fault: fault(`key ${i} ${cause}`), privateKeys: [] };
  }
  return { privateKeys: keys.flatMap((key, i) => (isJsonObject(key) && isPrivate(key) ? [i] : [])) };
}

function fault(cause: string): Fault {
  return { code: 'JwksInvalid', message: `is not a JSON Web Key Set: ${cause}` };
}

function parseJson(text: string): Json | undefined {
  try {
    return JSON.parse(text) as Json;
  } catch {
    return undefined;
  }
}

function findKeyFault(key: Json): string | undefined {
  if (!isJsonObject(key)) return 'is no object';
  const members = typeof key.kty === 'string' && Object.hasOwn(REQUIRED, key.kty) ? REQUIRED[key.kty] : undefined;
  if (!members) return `has the type ${JSON.stringify(key.kty ?? '')}; use one of ${Object.keys(REQUIRED).join(', ')}`;
  const wrong = members.find((name) => !isMember(key[name], NAMES.has(name)));
  return wrong === undefined ? undefined : `needs the member "${wrong}"${NAMES.has(wrong) ? '' : ' in base64url'}`;
}

function isMember(value: Json | undefined, isName: boolean): boolean {
  return typeof value === 'string' && value !== '' && (isName || BASE64.test(value));
}

function isPrivate(key: JsonObject): boolean {
  return key.kty === SECRET_TYPE || key[PRIVATE_MEMBER] !== undefined;
}
