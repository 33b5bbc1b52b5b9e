const ASCII = /^[\x00-\x7f]*$/; // eslint-disable-line no-control-regex -- the range of ASCII is meant
const encoder = new TextEncoder();
const decoder = new TextDecoder('utf-8', { ignoreBOM: true });

/** The length of a text in bytes of UTF-8, which is what Go counts. */
export function byteLength(text: string): number {
  return ASCII.test(text) ? text.length : encoder.encode(text).length;
}

/** The part of a text between two byte positions. */
export function byteSlice(text: string, start: number, end?: number): string {
  if (ASCII.test(text)) return text.slice(start, end);
  return decoder.decode(encoder.encode(text).subarray(start, end));
}

/** The byte at a position. */
export function byteAt(text: string, position: number): number {
  return encoder.encode(text)[position] ?? 0;
}
