import { RecentTexts } from '../../recent-texts.ts';

type Strings = Readonly<Record<string, string>>;

/**
 * The JSON text of the operations that make one map of texts of another; the path needs no escapes. The same as
 * computePatch makes, for a fifteenth less CPU of a whole injection.
 */
export function mapPatch(path: string, before: Strings | undefined, after: Strings): string[] {
  if (!before) return [`{"op":"add","path":"${path}","value":${JSON.stringify(after)}}`];
  const operations: string[] = [];
  for (const key in before) {
    if (!Object.hasOwn(after, key)) operations.push(`{"op":"remove","path":${pathText(path, key)}}`);
  }
  for (const key in after) {
    const value = after[key];
    if (value === undefined || before[key] === value) continue;
    const op = Object.hasOwn(before, key) ? 'replace' : 'add';
    operations.push(`{"op":"${op}","path":${pathText(path, key)},"value":${JSON.stringify(value)}}`);
  }
  return operations;
}

/** Most keys are the sidecar's, which are few. */
const known = new RecentTexts<string>({ texts: 64, length: 256 });

function pathText(path: string, key: string): string {
  return known.of(`${path}/${key}`, () => JSON.stringify(`${path}/${key.replaceAll('~', '~0').replaceAll('/', '~1')}`));
}
