import { parse } from 'yaml';
import { isJsonObject, type Json, type JsonObject } from '../kube-object.ts';
import { printed } from '../render/value-tree.ts';
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
 * Applies the patches of one overlay to a copy of the object, in order. A patch that fails is left out and told;
 * Istio's own tool drops it without a word, so the caller decides what a failure means.
 */
export function overlayPaths(
  object: JsonObject,
  patches: PathPatch[],
  options: OverlayOptions = {},
): { object: JsonObject; failures: PatchFailure[] } {
  const editor = new TreeEditor(options);
  const failures: PatchFailure[] = [];
  let tree: JsonObject = object;
  patches.forEach(({ path, value }, index) => {
    const copy = structuredClone(tree);
    editor.follow(tree, copy);
    try {
      editor.write(copy, splitTreePath(path), value ?? null);
      tree = copy;
    } catch (error) {
      if (!(error instanceof OverlayPathError)) throw error;
      failures.push({ index, path, message: error.message });
    }
  });
  return { object: tree, failures };
}

/** What Istio's own tool has no choice about. */
export interface OverlayOptions {
  /** Paths, split into elements, where text stays text although it is a YAML map. */
  keepsText?: (path: readonly string[]) => boolean;
}

class OverlayPathError extends Error {}

/**
 * Walks and changes a tree by Istio's path rules. Maps that a patch brought in behave otherwise than the object's
 * own: a list in them grows where one of the object's own would be replaced, and YAML text replaces the key.
 */
class TreeEditor {
  #brought = new WeakSet<object>();
  readonly #options: OverlayOptions;
  /** Whether the patch under way puts text where only text can stand. */
  #keepsText = false;

  constructor(options: OverlayOptions) {
    this.#options = options;
  }

  /** Carries the knowledge of what patches brought in over to a copy of the tree. */
  follow(from: Json | undefined, to: Json | undefined): void {
    if (typeof from !== 'object' || from === null || typeof to !== 'object' || to === null) return;
    if (this.#brought.has(from)) this.#brought.add(to);
    for (const key of Object.keys(from)) this.follow((from as JsonObject)[key], (to as JsonObject)[key]);
  }

  write(node: JsonObject, path: string[], value: Json): void {
    const [first, ...rest] = path;
    this.#keepsText = this.#options.keepsText?.(path) ?? false;
    if (first === undefined) throw new OverlayPathError('the path is empty');
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
    const at = selectElement(list, selector);
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
    else map[key] = Array.isArray(before) ? [...before, brought] : brought;
  }

  #replaceKey(map: JsonObject, key: string, brought: Json): void {
    delete map[key];
    const [root] = isJsonObject(brought) ? Object.keys(brought).sort() : [];
    if (root !== undefined && isJsonObject(brought)) map[root] = brought[root];
  }

  #structured(value: Json): { value: Json; fromText: boolean } {
    return this.#keepsText ? { value, fromText: false } : asStructure(value);
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
function selectElement(list: Json[], selector: string): number {
  const index = indexIn(selector);
  if (index !== undefined) return index < 0 || index >= list.length ? list.length : index;
  const inside = bracketed(selector);
  if (inside === undefined || inside === '') {
    throw new OverlayPathError(`"${selector}" does not select an element of a list: write [0], [name:x] or [value]`);
  }
  const found = list.findIndex((element) =>
    isJsonObject(element) ? hasPair(element, inside) : matches(element, inside),
  );
  if (found < 0) throw new OverlayPathError(`no element of the list matches ${selector}`);
  return found;
}

function indexIn(selector: string): number | undefined {
  const inside = bracketed(selector);
  return inside !== undefined && /^(-1|\+?\d+)$/.test(inside) ? Number(inside) : undefined;
}

function hasPair(element: JsonObject, inside: string): boolean {
  const [key = '', value = '', ...more] = splitEscaped(inside, ':');
  if (!/^[\w-]+$/.test(key) || value === '' || more.length > 0) {
    throw new OverlayPathError(`[${inside}] does not select an element by key and value: write [name:x]`);
  }
  return printed(element[key]) === value;
}

/** Elements of a list of plain values are found by a regular expression that need not match from the start. */
function matches(element: Json, inside: string): boolean {
  const pattern = inside.length > 1 && inside.startsWith(':') ? inside.slice(1) : inside;
  try {
    return new RegExp(pattern, 'u').test(printed(element));
  } catch {
    return false;
  }
}

/** Text that is a YAML map (but not JSON) stands for that map. */
function asStructure(value: Json): { value: Json; fromText: boolean } {
  if (typeof value !== 'string' || !value.includes(value.includes('\n') ? ':' : ': '))
    return { value, fromText: false };
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
