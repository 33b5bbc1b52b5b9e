import { fixed, type FunctionTable } from '../template-function.ts';

/** A path without `.`, `..` and double slashes, as far as they can go. */
function clean(path: string): string {
  const rooted = path.startsWith('/');
  const parts: string[] = [];
  for (const part of path.split('/')) {
    if (part === '' || part === '.') continue;
    if (part !== '..') parts.push(part);
    else if (parts.length > 0 && parts.at(-1) !== '..') parts.pop();
    else if (!rooted) parts.push('..');
  }
  const joined = parts.join('/');
  return rooted ? `/${joined}` : joined || '.';
}

function base(path: string): string {
  if (path === '') return '.';
  const trimmed = path.replace(/\/+$/, '');
  return trimmed === '' ? '/' : trimmed.slice(trimmed.lastIndexOf('/') + 1);
}

function extension(path: string): string {
  const name = path.slice(path.lastIndexOf('/') + 1);
  const dot = name.lastIndexOf('.');
  return dot < 0 ? '' : name.slice(dot);
}

const functions: FunctionTable = {
  base: fixed(['text'], base),
  clean: fixed(['text'], clean),
  dir: fixed(['text'], (path) => clean(path.slice(0, path.lastIndexOf('/') + 1))),
  ext: fixed(['text'], extension),
  isAbs: fixed(['text'], (path) => path.startsWith('/')),
};

/** sprig's functions on paths; those for the system's paths are the same as on Linux. */
export const PATH_FUNCTIONS: FunctionTable = {
  ...functions,
  ...Object.fromEntries(
    Object.entries(functions).map(([name, call]) => [`os${name.charAt(0).toUpperCase()}${name.slice(1)}`, call]),
  ),
};
