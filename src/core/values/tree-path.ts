import { isJsonObject } from '../kube-object.ts';
import type { Json, JsonObject } from '../kube-object.ts';
import { printed } from './value-tree.ts';

/** Splits at a separator that no backslash escapes. */
export function splitEscaped(text: string, separator: string): string[] {
  const parts: string[] = [];
  let start = 0;
  for (let i = 0; i < text.length; i += 1) {
    if (text[i] !== separator || (i > 0 && text[i - 1] === '\\')) continue;
    parts.push(text.slice(start, i));
    start = i + 1;
  }
  parts.push(text.slice(start));
  return parts;
}

/** Go's filepath.Clean for the paths that stand here: `//`, `/./` and `a/..` collapse. */
function cleanPath(path: string): string {
  if (!path.includes('/')) return path;
  const root = path.startsWith('/') ? '/' : '';
  const kept: string[] = [];
  for (const part of path.split('/')) {
    if (part === '' || part === '.') continue;
    const canGoUp = kept.length > 0 && kept.at(-1) !== '..';
    if (part !== '..') kept.push(part);
    else if (canGoUp) kept.pop();
    else if (root === '') kept.push(part);
  }
  return root + kept.join('/') || '.';
}

/** Elements of a path: `a.b[0].c\.d` is `a`, `b`, `[0]`, `c.d`. */
export function splitTreePath(path: string): string[] {
  const cleaned = cleanPath(path).replace(/^\./, '').replace(/\.$/, '');
  const elements: string[] = [];
  for (const part of splitEscaped(cleaned, '.')) {
    if (part === '') continue;
    const plain = part.replaceAll('\\.', '.');
    const bracket = plain.indexOf('[');
    if (bracket > 0) elements.push(plain.slice(0, bracket), plain.slice(bracket));
    else elements.push(plain);
  }
  return elements;
}

/** The inside of `[...]`; undefined for other elements. */
export function bracketed(element: string): string | undefined {
  return element.startsWith('[') && element.endsWith(']') && element.length >= 2 ? element.slice(1, -1) : undefined;
}

/** The value at a path of plain keys; undefined when a step is missing. */
export function getAt(tree: JsonObject, path: readonly string[]): Json | undefined {
  let current: Json | undefined = tree;
  for (const key of path) {
    if (!isJsonObject(current)) return undefined;
    current = current[key];
  }
  return current;
}

/** The map at a path of plain keys; undefined when there is none. */
export function mapAt(tree: JsonObject, path: readonly string[]): JsonObject | undefined {
  const found = getAt(tree, path);
  return isJsonObject(found) ? found : undefined;
}

/** Why a path cannot be set. */
export class PathError extends Error {}

/** Sets a value; missing maps on the way are made, missing list items are appended. */
export function setAt(tree: JsonObject, path: readonly string[], value: Json): void {
  const [key, ...rest] = path;
  if (key === undefined) throw new PathError('the path is empty');
  const next = rest[0];
  if (next?.startsWith('[')) setInList(tree, path, value);
  else if (next === undefined) tree[key] = value;
  else setAt(childMap(tree, key), rest, value);
}

function childMap(tree: JsonObject, key: string): JsonObject {
  const child = tree[key];
  if (isJsonObject(child)) return child;
  if (child !== undefined && child !== null) throw new PathError(`"${key}" is not a map`);
  const made: JsonObject = {};
  tree[key] = made;
  return made;
}

function setInList(tree: JsonObject, path: readonly string[], value: Json): void {
  const [key = '', selector = '', ...rest] = path;
  const list = (tree[key] ??= []);
  if (!Array.isArray(list)) throw new PathError(`"${key}" is not a list`);
  const index = indexOf(list, selector);
  if (rest.length === 0) {
    if (index < list.length) list[index] = value;
    else list.push(value);
    return;
  }
  const item = index < list.length ? list[index] : {};
  if (!isJsonObject(item)) throw new PathError(`"${key}${selector}" is not a map`);
  setAt(item, rest, value);
  if (index >= list.length) list.push(item);
}

function indexOf(list: Json[], selector: string): number {
  const inside = bracketed(selector);
  if (inside !== undefined && /^[+-]?\d+$/.test(inside)) {
    const index = Number(inside);
    return index < 0 ? list.length : index;
  }
  const colon = inside?.indexOf(':') ?? -1;
  if (inside === undefined || colon < 0) throw new PathError(`"${selector}" selects nothing: write [0] or [name:x]`);
  const found = list.findIndex(
    (item) => isJsonObject(item) && printed(item[inside.slice(0, colon)]) === inside.slice(colon + 1),
  );
  if (found < 0) throw new PathError(`no list item matches ${selector}`);
  return found;
}
