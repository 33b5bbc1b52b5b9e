import { errorText } from '../../error-text.ts';
import { fromJson, toJson, type GoValue } from '../go-values.ts';
import type { Json } from '../../kube-object.ts';
import { TemplateError } from '../template-error.ts';
import { fixed, type FunctionTable } from '../template-function.ts';

const encoder = new TextEncoder();
const decoder = new TextDecoder('utf-8', { ignoreBOM: true });

function base64(text: string): string {
  let bytes = '';
  for (const byte of encoder.encode(text)) bytes += String.fromCharCode(byte);
  return btoa(bytes);
}

const BASE64 = /^(?:[A-Za-z0-9+/]{4})*(?:[A-Za-z0-9+/]{2}==|[A-Za-z0-9+/]{3}=)?$/;

function fromBase64(text: string): string {
  const plain = text.replace(/[\r\n]/g, '');
  if (!BASE64.test(plain)) throw new TemplateError('the text is not base64');
  return decoder.decode(Uint8Array.from(atob(plain), (character) => character.charCodeAt(0)));
}

const ALPHABET = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567';
const BITS = 5;

function base32(text: string): string {
  let result = '';
  let bits = 0;
  let value = 0;
  for (const byte of encoder.encode(text)) {
    value = ((value << 8) | byte) & 0xfff;
    bits += 8;
    for (; bits >= BITS; bits -= BITS) result += ALPHABET[(value >>> (bits - BITS)) & 31] ?? '';
  }
  if (bits > 0) result += ALPHABET[(value << (BITS - bits)) & 31] ?? '';
  return result.padEnd(Math.ceil(result.length / 8) * 8, '=');
}

function fromBase32(text: string): string {
  const plain = text.replace(/=+$/, '');
  const bytes: number[] = [];
  let bits = 0;
  let value = 0;
  for (const character of plain) {
    const digit = ALPHABET.indexOf(character);
    if (digit < 0 || text.length % 8 !== 0) throw new TemplateError('the text is not base32');
    value = ((value << BITS) | digit) & 0xfff;
    bits += BITS;
    if (bits < 8) continue;
    bits -= 8;
    bytes.push((value >>> bits) & 255);
  }
  return decoder.decode(new Uint8Array(bytes));
}

function escaped(text: string): string {
  return text.replace(
    /[<>&\u2028\u2029]/g,
    (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`,
  );
}

function parsed(text: string): GoValue {
  try {
    return fromJson(JSON.parse(text) as Json);
  } catch (error) {
    throw new TemplateError(`the text is not JSON: ${errorText(error)}`);
  }
}

function parsedOrNil(text: string): GoValue {
  try {
    return parsed(text);
  } catch {
    return null;
  }
}

const toJsonText = fixed(['any'], (value) => escaped(JSON.stringify(toJson(value))));
const pretty = fixed(['any'], (value) => escaped(JSON.stringify(toJson(value), null, 2)));
const raw = fixed(['any'], (value) => JSON.stringify(toJson(value)));

/** sprig's functions for JSON, base64 and base32. */
export const ENCODING_FUNCTIONS: FunctionTable = {
  b32dec: fixed(['text'], fromBase32),
  b32enc: fixed(['text'], base32),
  b64dec: fixed(['text'], fromBase64),
  b64enc: fixed(['text'], base64),
  fromJson: fixed(['text'], parsedOrNil),
  mustFromJson: fixed(['text'], parsed),
  mustToJson: toJsonText,
  mustToPrettyJson: pretty,
  mustToRawJson: raw,
  toJson: toJsonText,
  toPrettyJson: pretty,
  toRawJson: raw,
};
