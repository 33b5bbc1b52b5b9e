const NON_ASCII = /[^\x00-\x7f]/; // eslint-disable-line no-control-regex -- finds what takes more than one byte
const encoder = new TextEncoder();

/** Length of a text in bytes of UTF-8, which is how Go measures it. */
export function byteLength(text: string): number {
  return NON_ASCII.test(text) ? encoder.encode(text).length : text.length;
}
