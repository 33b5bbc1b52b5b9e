import { GoList, GoMap, sortedEntries, textList, type GoValue } from '../go-values.ts';
import { TemplateError } from '../template-error.ts';
import { fixed, variadic, type FunctionTable } from '../template-function.ts';
import { isEmpty } from './list-functions.ts';
import { textOf } from './text-functions.ts';

function pairs(values: readonly GoValue[]): GoMap {
  const entries: [string, GoValue][] = [];
  for (let i = 0; i < values.length; i += 2)
    entries.push([textOf(values[i]), i + 1 < values.length ? values[i + 1] : '']);
  return new GoMap(entries);
}

/** Adds what `source` has to `target`, maps within maps too; `overwrite` lets the source win. */
function mergeInto(target: GoMap, source: GoMap, overwrite: boolean): void {
  for (const [key, value] of sortedEntries(source)) {
    const known = target.entries.get(key);
    if (known instanceof GoMap && value instanceof GoMap) mergeNested(target, key, { known, value, overwrite });
    else if (!target.entries.has(key) || overwrite || isEmpty(known)) target.entries.set(key, value);
  }
}

function mergeNested(
  target: GoMap,
  key: string,
  { known, value, overwrite }: { known: GoMap; value: GoMap; overwrite: boolean },
): void {
  const merged = new GoMap(known.entries, known.ofText);
  if (merged === value) return;
  mergeInto(merged, value, overwrite);
  target.entries.set(key, merged);
}

function merged(overwrite: boolean): (target: GoMap, ...sources: GoMap[]) => GoMap {
  return (target, ...sources) => {
    for (const source of sources) mergeInto(target, source, overwrite);
    return target;
  };
}

function picked(map: GoMap, wanted: (key: string) => boolean): GoMap {
  return new GoMap([...map.entries].filter(([key]) => wanted(key)));
}

function dig(args: readonly GoValue[]): GoValue {
  const map = args.at(-1);
  const path = args.slice(0, -2);
  if (args.length < 3 || !(map instanceof GoMap)) throw new TemplateError('needs keys, a default and a map');
  let value: GoValue = map;
  for (const key of path) {
    if (typeof key !== 'string' || !(value instanceof GoMap))
      throw new TemplateError('needs text keys of maps within maps');
    if (!value.entries.has(key)) return args.at(-2);
    value = value.entries.get(key);
  }
  return value;
}

const MAX_DEPTH = 100;

function copied(value: GoValue, depth = 0): GoValue {
  if (depth > MAX_DEPTH) throw new TemplateError('a value is too deep to copy or contains itself');
  if (value instanceof GoList)
    return new GoList(
      value.items.map((item) => copied(item, depth + 1)),
      value.type,
    );
  if (!(value instanceof GoMap)) return value;
  return new GoMap(
    [...value.entries].map(([key, item]): [string, GoValue] => [key, copied(item, depth + 1)]),
    value.ofText,
  );
}

const merge = variadic(['map'], 'map', merged(false));
const mergeOverwrite = variadic(['map'], 'map', merged(true));
const deepCopy = fixed(['any'], (value) => copied(value));

/** sprig's functions on maps. `keys` and `values` come in the order of the keys or of their addition. */
export const MAP_FUNCTIONS: FunctionTable = {
  deepCopy,
  dict: variadic([], 'any', (...values) => pairs(values)),
  dig: variadic([], 'any', (...args) => dig(args)),
  get: fixed(['map', 'text'], (map, key) => (map.entries.has(key) ? map.entries.get(key) : '')),
  hasKey: fixed(['map', 'text'], (map, key) => map.entries.has(key)),
  keys: variadic([], 'map', (...maps) => textList(maps.flatMap((map) => sortedEntries(map).map(([key]) => key)))),
  merge,
  mergeOverwrite,
  mustDeepCopy: deepCopy,
  mustMerge: merge,
  mustMergeOverwrite: mergeOverwrite,
  omit: variadic(['map'], 'text', (map, ...keys) => picked(map, (key) => !keys.includes(key))),
  pick: variadic(['map'], 'text', (map, ...keys) => picked(map, (key) => keys.includes(key))),
  pluck: variadic(
    ['text'],
    'map',
    (key, ...maps) => new GoList(maps.filter((map) => map.entries.has(key)).map((map) => map.entries.get(key))),
  ),
  set: fixed(['map', 'text', 'any'], (map, key, value) => {
    map.entries.set(key, value);
    return map;
  }),
  unset: fixed(['map', 'text'], (map, key) => {
    map.entries.delete(key);
    return map;
  }),
};
