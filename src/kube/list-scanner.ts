const QUOTE = 0x22;
const BACKSLASH = 0x5c;
const OPEN_BRACE = 0x7b;
const CLOSE_BRACE = 0x7d;
const OPEN_BRACKET = 0x5b;
const CLOSE_BRACKET = 0x5d;
/** The list itself is the first level, its `items` the second; what opens in there is an item. */
const ITEMS_DEPTH = 2;
/** Kept of an item that is too large: its name is in there, unless something large comes first. */
const HEAD_BYTES = 64 * 1024;

interface Item {
  parts: Buffer[];
  bytes: number;
  /** Whether it turned out too large, and only its head is kept. */
  isCut: boolean;
}

/** Hears of a list as it is scanned. */
export interface ListScannerHandler {
  /** One item, complete. */
  onItem: (text: string) => void;
  /** One item that is larger than the limit, of which only the beginning was kept. */
  onTooLarge: (item: { head: string; bytes: number }) => void;
}

/**
 * Takes a list of the API server apart while it arrives, so that no more than one item is held at a time. Checks no
 * syntax: what it finds is parsed by others.
 */
export class ListScanner {
  readonly #maxItemBytes: number;
  readonly #handler: ListScannerHandler;
  #depth = 0;
  #inString = false;
  /** Backslashes at the end of what was seen of a string, where their number is odd. */
  #escaped = false;
  #inItems = false;
  #item: Item | undefined;
  readonly #frame: Buffer[] = [];

  constructor(maxItemBytes: number, handler: ListScannerHandler) {
    this.#maxItemBytes = maxItemBytes;
    this.#handler = handler;
  }

  /** The list without its items, once all was written. */
  get frame(): string {
    return Buffer.concat(this.#frame).toString('utf8');
  }

  write(chunk: Buffer): void {
    /** Where what was not handed on yet begins. */
    let from = 0;
    let at = 0;
    while (at < chunk.length) {
      if (this.#inString) {
        at = this.#skipString(chunk, at);
        continue;
      }
      const byte = chunk[at];
      at += 1;
      if (byte === QUOTE) this.#inString = true;
      else if (byte === OPEN_BRACE || byte === OPEN_BRACKET) from = this.#open(chunk, from, at - 1);
      else if (byte === CLOSE_BRACE || byte === CLOSE_BRACKET) from = this.#close(chunk, from, at);
    }
    this.#take(chunk.subarray(from));
  }

  /** Returns where the string ends, or the end of the chunk. */
  #skipString(chunk: Buffer, start: number): number {
    let from = start;
    for (;;) {
      const end = chunk.indexOf(QUOTE, from);
      const stop = end < 0 ? chunk.length : end;
      const escapes = this.#isEscaped(chunk, start, stop);
      this.#escaped = end < 0 && escapes;
      if (end < 0) return stop;
      from = end + 1;
      if (escapes) continue;
      this.#inString = false;
      return from;
    }
  }

  /** Whether the byte at `stop` follows an odd number of backslashes. */
  #isEscaped(chunk: Buffer, start: number, stop: number): boolean {
    let first = stop;
    while (first > start && chunk[first - 1] === BACKSLASH) first -= 1;
    const odd = (stop - first) % 2 === 1;
    return first === start && this.#escaped ? !odd : odd;
  }

  #open(chunk: Buffer, from: number, at: number): number {
    const isItem = this.#inItems && this.#depth === ITEMS_DEPTH;
    // The one array directly in a list is its items.
    const isItems = chunk[at] === OPEN_BRACKET && this.#depth === ITEMS_DEPTH - 1;
    this.#depth += 1;
    if (isItem) this.#item = { parts: [], bytes: 0, isCut: false };
    if (isItems) {
      this.#take(chunk.subarray(from, at));
      this.#inItems = true;
    }
    return isItem || isItems ? at : from;
  }

  #close(chunk: Buffer, from: number, after: number): number {
    this.#depth -= 1;
    if (this.#item && this.#depth === ITEMS_DEPTH) {
      this.#take(chunk.subarray(from, after));
      this.#finishItem(this.#item);
      this.#item = undefined;
      return after;
    }
    if (this.#inItems && this.#depth === ITEMS_DEPTH - 1) {
      this.#inItems = false;
      this.#frame.push(Buffer.from('[]'));
      return after;
    }
    return from;
  }

  #finishItem({ parts, bytes, isCut }: Item): void {
    const text = Buffer.concat(parts).toString('utf8');
    if (isCut) this.#handler.onTooLarge({ head: text, bytes });
    else this.#handler.onItem(text);
  }

  #take(bytes: Buffer): void {
    const item = this.#item;
    if (item) keep(item, bytes, this.#maxItemBytes);
    else if (!this.#inItems && bytes.length > 0) this.#frame.push(Buffer.from(bytes));
  }
}

function keep(item: Item, bytes: Buffer, max: number): void {
  item.bytes += bytes.length;
  if (item.isCut) return;
  item.parts.push(bytes);
  if (item.bytes <= max) return;
  item.parts = [Buffer.from(Buffer.concat(item.parts).subarray(0, HEAD_BYTES))];
  item.isCut = true;
}
