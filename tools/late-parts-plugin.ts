import { basename } from 'node:path';
import type { Plugin } from 'esbuild';

/** A part of the program that is evaluated when the first of its exports is used. */
interface LatePart {
  /** A package, or a file of src. */
  readonly source: string;
  /** What is used of it: functions and classes. */
  readonly exports: readonly string[];
  /** Whether they are functions that return the same JSON always, which the build puts in their place. */
  readonly isMade?: true;
}

/**
 * What takes long to load and is not always needed. CEL and RE2 are for what few resources hold; of two readers of YAML
 * one is for texts that are not plain; the definitions, what is printed of them and the types of Envoy's messages are
 * long texts.
 */
const LATE: readonly LatePart[] = [
  { source: '@bufbuild/cel', exports: ['parse'] },
  { source: 're2js', exports: ['RE2JS', 'RE2JSException', 'RE2Set'] },
  {
    source: 'yaml',
    exports: [
      ...['isAlias', 'isMap', 'isNode', 'isScalar', 'isSeq', 'LineCounter', 'Pair', 'YAMLMap', 'YAMLSeq'],
      ...['parse', 'parseAllDocuments', 'parseDocument', 'Schema', 'stringify', 'visit'],
    ],
  },
  { source: 'istio-definitions.generated.ts', exports: ['readIstioDefinitions'] },
  { source: 'message-types.generated.ts', exports: ['readMessageTypes'] },
  { source: 'schema-texts.ts', exports: ['makeSchemaTexts'], isMade: true },
];

const isFile = ({ source }: LatePart): boolean => source.endsWith('.ts');
const PACKAGES = new RegExp(`^(?:${alternatives(LATE.filter((part) => !isFile(part)))})$`);
const FILES = new RegExp(`/(?:${alternatives(LATE.filter(isFile))})$`);
const MADE = new RegExp(`/(?:${alternatives(LATE.filter(({ isMade }) => isMade))})$`);

function alternatives(parts: readonly LatePart[]): string {
  return parts.map(({ source }) => source.replaceAll('.', '\\.')).join('|');
}

/** Where late parts are: in files of their own beside the bundle, or in it, where others may bundle it once more. */
export type Place = 'apart' | 'inside';

/** What there is of late parts in one build. */
export interface LateParts {
  readonly plugin: Plugin;
  /** Those that the build refers to: the names of their files without an ending, and what each begins with. */
  readonly files: ReadonlyMap<string, string>;
}

/**
 * Puts in the place of late parts what loads them by the first call. The core is synchronous and imports them as all
 * else; with them, each command would begin by making what hardly any resource asks for.
 */
export function createLateParts(place: Place): LateParts {
  const files = new Map<string, string>();
  const plugin: Plugin = {
    name: 'late-parts',
    setup: (build) => {
      const wrap = (source: string): { path: string; namespace: string; sideEffects: boolean } => ({
        path: source,
        namespace: 'late',
        sideEffects: false,
      });
      build.onResolve({ filter: PACKAGES }, ({ path, namespace }) =>
        namespace === 'late-part' ? undefined : wrap(path),
      );
      if (place === 'apart') {
        build.onResolve({ filter: FILES }, ({ path, resolveDir, kind }) => {
          const part = kind === 'entry-point' ? undefined : partOf(basename(path));
          return part && { ...wrap(part.source), pluginData: `${resolveDir}/${path}` };
        });
      }
      build.onLoad({ filter: /.*/, namespace: 'late' }, ({ path, pluginData }) => ({
        contents: wrapperOf(partOf(path)),
        pluginData: pluginData as unknown,
      }));
      build.onResolve({ filter: /^late-part:/ }, ({ path, pluginData }) => {
        const source = path.slice('late-part:'.length);
        if (place === 'inside') return { path: source, namespace: 'late-part' };
        const name = `late-${source.replace(/(?:\.generated)?\.ts$/, '').replace(/\W+/g, '-')}`;
        files.set(name, typeof pluginData === 'string' ? pluginData : path);
        return { path: `./${name}.cjs`, external: true };
      });
      loadParts(build);
    },
  };
  return { plugin, files };
}

/** Lets a build begin with a late part. */
export const latePartsThemselves: Plugin = {
  name: 'late-parts-themselves',
  setup: (build) => {
    build.onResolve({ filter: /^late-part:/ }, ({ path }) => ({
      path: path.slice('late-part:'.length),
      namespace: 'late-part',
    }));
    build.onLoad({ filter: MADE }, async ({ path }) => {
      const functions = (await import(path)) as Readonly<Record<string, () => unknown>>;
      const names = partOf(basename(path))?.exports ?? [];
      const made = names.map((name) => `export const ${name} = () => (${JSON.stringify(functions[name]?.())});`);
      return { contents: made.join('\n') };
    });
    loadParts(build);
  },
};

/** Of a package, what is used. */
function loadParts(build: Parameters<Plugin['setup']>[0]): void {
  build.onLoad({ filter: /.*/, namespace: 'late-part' }, ({ path }) => ({
    contents: `export { ${partOf(path)?.exports.join(', ')} } from '${path}';`,
    resolveDir: import.meta.dirname,
  }));
}

function partOf(source: string): LatePart | undefined {
  return LATE.find((part) => part.source === source);
}

/** What stands in the place of each export behaves as that does: it is called, made an instance of and asked. */
function wrapperOf(part: LatePart | undefined): string {
  if (!part) throw new Error('no late part has this name');
  return [
    `let part; const load = (name) => (part ??= require('late-part:${part.source}'))[name];`,
    'const late = (name) => new Proxy(function () {}, {',
    '  apply: (_, self, given) => Reflect.apply(load(name), self, given),',
    '  construct: (_, given) => Reflect.construct(load(name), given),',
    '  get: (_, key) => load(name)[key],',
    '});',
    ...part.exports.map((name) => `export const ${name} = /* @__PURE__ */ late('${name}');`),
  ].join('\n');
}
