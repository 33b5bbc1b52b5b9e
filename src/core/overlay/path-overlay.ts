import { RE2JS } from 're2js';
import { parse } from 'yaml';
import { isJsonObject, type Json, type JsonObject } from '../kube-object.ts';
import { printed } from '../values/value-tree.ts';
import { WorkMeter } from '../work-meter.ts';
import { bracketed, splitEscaped, splitTreePath } from '../values/tree-path.ts';

/** One patch of an overlay: `path` as `spec.containers.[name:x].args.[0]`; an absent or null value deletes. */
export interface PathPatch {
  path: string;
  value?: Json | undefined;
}

/** A patch that found nothing to act on; the object is as it was. */
export interface PatchFailure {
  /** Index in the overlay's list of patches. */
  index: number;
  path: string;
  message: string;
}

/**
 * Applies the patches of one overlay to an object, in order; the caller gives a copy, which is changed. A patch that
 * fails is left out and told; Istio's own tool drops it without a word, so the caller decides what a failure means.
 */
export function overlayPaths(object: JsonObject, patches: PathPatch[], options: OverlayOptions = {}): PatchFailure[] {
  const editor = new TreeEditor(options);
  const failures: PatchFailure[] = [];
  patches.forEach(({ path, value }, index) => {
    try {
      editor.write(object, splitTreePath(path), value ?? null);
    } catch (error) {
      if (!(error instanceof OverlayPathError)) throw error;
      failures.push({ index, path, message: error.message });
    }
  });
  return failures;
}

/** How patches are applied. */
export interface OverlayOptions {
  /** Paths, split into elements, where text stays text although it is a YAML map; Istio's own tool knows none. */
  keepsText?: (path: readonly string[]) => boolean;
  /** Pays for each element of a list that is looked at, and for each text that is read; throws when it is exhausted. */
  work?: WorkMeter;
}

/** No object is so deep. */
const MAX_STEPS = 100;
/** Expressions are for single arguments; with longer ones a few patches could take seconds. */
const MAX_EXPRESSION = 256;

class OverlayPathError extends Error {}

/**
 * Walks and changes a tree by Istio's path rules. Maps that a patch brought in behave otherwise than the object's
 * own: a list in them grows where one of the object's own would be replaced, and YAML text replaces the key. A write
 * that fails has changed nothing: all that it would change is changed after the whole path was found.
 */
class TreeEditor {
  #brought = new WeakSet<object>();
  readonly #options: OverlayOptions;
  readonly #work: WorkMeter;
  /** Whether the patch under way puts text where only text can stand. */
  #keepsText = false;

  constructor(options: OverlayOptions) {
    this.#options = options;
    this.#work = options.work ?? new WorkMeter(Infinity);
  }

  write(node: JsonObject, path: string[], value: Json): void {
    const [first, ...rest] = path;
    this.#keepsText = this.#options.keepsText?.(path) ?? false;
    if (first === undefined) throw new OverlayPathError('the path is empty');
    if (path.length > MAX_STEPS) throw new OverlayPathError(`the path has more than ${MAX_STEPS} elements`);
    this.#writeInMap(node, first, { rest, value });
  }

  #writeInMap(map: JsonObject, key: string, { rest, value }: Tail): void {
    if (rest.length === 0) this.#setKey(map, key, value);
    else map[key] = this.#descend(map[key] ?? this.#fresh(map, rest[0] ?? ''), { rest, value });
  }

  /** The node that a missing key gets so that the path can go on. */
  #fresh(parent: JsonObject, next: string): Json {
    if (!this.#brought.has(parent)) return {};
    return indexIn(next) === undefined ? this.#bring({}) : [];
  }

  #descend(node: Json, { rest, value }: Tail): Json {
    const [next = '', ...after] = rest;
    if (Array.isArray(node)) return this.#writeInList(node, next, { rest: after, value });
    if (!isJsonObject(node))
      throw new OverlayPathError(`"${next}" would lie below the plain value ${JSON.stringify(node)}`);
    this.#writeInMap(node, next, { rest: after, value });
    return node;
  }

  #writeInList(list: Json[], selector: string, { rest, value }: Tail): Json[] {
    const at = selectElement(list, selector, this.#work);
    if (rest.length > 0) {
      const element = list[at] ?? this.#bring({});
      list[at] = this.#descend(element, { rest, value });
    } else if (value === null) list.splice(at, 1);
    else list[at] = this.#bring(this.#structured(value).value);
    return list;
  }

  #setKey(map: JsonObject, key: string, value: Json): void {
    if (value === null) {
      delete map[key];
      return;
    }
    const given = this.#structured(value);
    const brought = this.#bring(given.value);
    const before = map[key];
    if (!this.#brought.has(map)) map[key] = brought;
    else if (given.fromText) this.#replaceKey(map, key, brought);
    else if (Array.isArray(before)) before.push(brought);
    else map[key] = brought;
  }

  #replaceKey(map: JsonObject, key: string, brought: Json): void {
    delete map[key];
    const [root] = isJsonObject(brought) ? Object.keys(brought).sort() : [];
    if (root !== undefined && isJsonObject(brought)) map[root] = brought[root];
  }

  #structured(value: Json): { value: Json; fromText: boolean } {
    if (this.#keepsText || typeof value !== 'string') return { value, fromText: false };
    this.#work.spend(value.length);
    return asStructure(value);
  }

  #bring(value: Json): Json {
    const copy = structuredClone(value);
    this.#mark(copy);
    return copy;
  }

  #mark(value: Json | undefined): void {
    if (typeof value !== 'object' || value === null) return;
    this.#brought.add(value);
    for (const item of Object.values(value)) this.#mark(item);
  }
}

interface Tail {
  rest: string[];
  value: Json;
}

/** The position that a selector names; the list's length where it means "append". */
function selectElement(list: Json[], selector: string, work: WorkMeter): number {
  const index = indexIn(selector);
  if (index !== undefined) return index < 0 || index >= list.length ? list.length : index;
  const inside = bracketed(selector);
  if (inside === undefined || inside === '') {
    throw new OverlayPathError(`"${selector}" does not select an element of a list: write [0], [name:x] or [value]`);
  }
  const pair = splitEscaped(inside, ':');
  const matches = compileExpression(inside, work);
  const found = list.findIndex((element) => {
    work.spend(1);
    return isJsonObject(element) ? hasPair(element, pair, inside) : matches(element);
  });
  if (found < 0) throw new OverlayPathError(`no element of the list matches ${selector}`);
  return found;
}

function indexIn(selector: string): number | undefined {
  const inside = bracketed(selector);
  return inside !== undefined && /^(-1|\+?\d+)$/.test(inside) ? Number(inside) : undefined;
}

function hasPair(element: JsonObject, [key = '', value = '', ...more]: readonly string[], inside: string): boolean {
  if (!/^[\w-]+$/.test(key) || value === '' || more.length > 0) {
    throw new OverlayPathError(`[${inside}] does not select an element by key and value: write [name:x]`);
  }
  return printed(element[key]) === value;
}

/**
 * Elements of a list of plain values are found by a regular expression that need not match from the start. In Go's
 * syntax, and in time that grows with the text only: one that turns back could be made to run for ever.
 */
function compileExpression(inside: string, work: WorkMeter): (element: Json) => boolean {
  const pattern = inside.length > 1 && inside.startsWith(':') ? inside.slice(1) : inside;
  let expression: RE2JS | undefined;
  let isCompiled = false;
  return (element) => {
    if (!isCompiled) expression = compile(pattern, work);
    isCompiled = true;
    const text = printed(element);
    work.spend(text.length);
    return expression?.matcher(text).find() ?? false;
  };
}

/** Undefined when it is none. */
function compile(pattern: string, work: WorkMeter): RE2JS | undefined {
  if (pattern.length > MAX_EXPRESSION) {
    throw new OverlayPathError(`[${pattern.slice(0, 40)}...] is longer than ${MAX_EXPRESSION} characters`);
  }
  // A repetition is written out as often as it says, up to a thousand times.
  work.spend(pattern.length * (pattern.includes('{') ? 1_000 : 10));
  try {
    return RE2JS.compile(pattern);
  } catch {
    return undefined;
  }
}

/** Text that is a YAML map (but not JSON) stands for that map. */
function asStructure(value: string): { value: Json; fromText: boolean } {
  if (!value.includes(value.includes('\n') ? ':' : ': ')) return { value, fromText: false };
  const parsed = isJsonText(value) ? undefined : parseYamlMap(value);
  return parsed ? { value: parsed, fromText: true } : { value, fromText: false };
}

function isJsonText(text: string): boolean {
  try {
    return isJsonObject(JSON.parse(text));
  } catch {
    return false;
  }
}

function parseYamlMap(text: string): JsonObject | undefined {
  try {
    const parsed: unknown = parse(text, { version: '1.1', logLevel: 'silent' });
    return isJsonObject(parsed) ? parsed : undefined;
  } catch {
    return undefined;
  }
}
