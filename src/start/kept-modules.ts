import { mkdirSync, readFileSync, renameSync, statSync, writeFileSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { Script } from 'node:vm';

/** Loads a module by its path from the folder of the built program. */
type Load<T> = (path: string) => T;

/** Stands around such a module: what the build uses of all that Node has there, and what it has in place of `import`. */
const HEAD = '(function (module, require, importBeside, __dirname) {';
type Body = (module: Module, require: Load<object>, importBeside: Load<Promise<object>>, dirname: string) => void;

interface Module {
  exports: object;
}

/** What was compiled of a file, and where that is to be kept. */
interface Compiled {
  readonly script: Script;
  readonly path: string;
}

/**
 * Loads modules of CommonJS as `require` does, and keeps what is compiled of them in a folder, if there is one, when the
 * process has done what it should. Node's own cache keeps a module as it was when it was loaded. Functions are compiled
 * when they are first called, so most would be compiled anew each time: a fifth of a short command.
 */
export function createLoad(folder: string, kept: string | undefined): Load<object> {
  const place = kept === undefined ? undefined : join(kept, `${process.version}-${process.arch}`);
  const modules = new Map<string, Module>();
  const compiled: Compiled[] = [];
  const importBeside: Load<Promise<object>> = (path) => import(path) as Promise<object>;
  const load: Load<object> = (path) => {
    const known = modules.get(path);
    if (known) return known.exports;
    const module: Module = { exports: {} };
    modules.set(path, module);
    const body = compile(join(folder, path), place, compiled).runInThisContext() as Body;
    body(module, load, importBeside, folder);
    return module.exports;
  };
  process.once('exit', (code) => {
    // What ended early has called little of what others will.
    if (code === 0) for (const each of compiled) keep(each);
  });
  return load;
}

function compile(filename: string, place: string | undefined, compiled: Compiled[]): Script {
  // The build leaves nothing beyond ASCII in it.
  const source = `${HEAD}${readFileSync(filename, 'latin1')}\n})`;
  if (place === undefined) return new Script(source, { filename });
  // V8 compares no more than the length. Each change of the file sets this time, and nobody else can.
  const path = join(place, `${basename(filename)}-${statSync(filename).ctimeMs}`);
  const cachedData = readKept(path);
  const script = new Script(source, { filename, ...(cachedData && { cachedData }) });
  if (script.cachedDataRejected !== false) compiled.push({ script, path });
  return script;
}

/** What was kept, if it is there and as it was written: it stands there twice, since V8 would run whatever it became. */
function readKept(path: string): Buffer | undefined {
  try {
    const bytes = readFileSync(path);
    const kept = bytes.subarray(0, bytes.length / 2);
    return kept.equals(bytes.subarray(kept.length)) ? kept : undefined;
  } catch {
    return undefined;
  }
}

/** Whole or not at all: V8 would trust half of it. Where it cannot be written, nothing changes. */
function keep({ script, path }: Compiled): void {
  try {
    mkdirSync(dirname(path), { recursive: true });
    const part = `${path}.${process.pid}`;
    const bytes = script.createCachedData();
    writeFileSync(part, Buffer.concat([bytes, bytes]), { flush: true });
    renameSync(part, path);
  } catch {
    // A folder of somebody else's, or a full disk.
  }
}
