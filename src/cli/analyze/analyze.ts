import { normalize } from 'node:path';
import { compareMessages } from '../../core/analyze/analyze.ts';
import { ANALYZERS, OPTIONAL_ANALYZERS } from '../../core/analyze/analyzers/index.ts';
import { analyzeFiles } from '../../core/analyze/files/analyze-files.ts';
import { impliedByFiles } from '../../core/analyze/files/implied-by-files.ts';
import { setAsideUnknown } from '../../core/analyze/files/set-aside.ts';
import { KIND } from '../../core/analyze/kinds.ts';
import { meshOfConfigMaps } from '../../core/analyze/mesh-of-config-maps.ts';
import { levelOf, MESSAGE_TYPES, type Level, type Message } from '../../core/analyze/messages.ts';
import { friendlyName, type Resource } from '../../core/analyze/resource.ts';
import { meshResource, resourceOf, type ReadObject } from '../../core/analyze/world-from-objects.ts';
import { findReaders } from '../../core/inject/find-readers.ts';
import type { ResourceReader } from '../../core/istio/readers.ts';
import { readCertificate } from '../../runtime/read-certificate.ts';
import { originOf, readObjects, type FileObject } from '../files/read-documents.ts';
import { readMaps } from '../files/read-maps.ts';
import { isColoured } from '../shell/colour.ts';
import { colourWords } from '../shell/colour-words.ts';
import type { Call } from '../shell/command.ts';
import { report, type Io } from '../shell/io.ts';
import { parseIstioVersion } from '../shell/istio-version.ts';
import { toStructuredStream } from '../shell/structured.ts';
import { UsageError } from '../shell/usage-error.ts';
import { wrapText } from '../shell/wrap-text.ts';
import type { ANALYZE_OPTIONS } from './options.ts';

type Flags = Call<typeof ANALYZE_OPTIONS>['flags'];

const LEVEL_WORDS = { good: [], odd: ['Warning'], bad: ['Error'] };

const RANK: Record<Level, number> = { Info: 0, Warning: 1, Error: 2 };

/** `sailwright analyze`: the exit code. */
export async function runAnalyze({ flags }: Call<typeof ANALYZE_OPTIONS>, io: Io): Promise<number> {
  if (!flags.list) return analyze(flags, io);
  io.out(listText());
  return 0;
}

function listText(): string {
  const codes = Object.entries(MESSAGE_TYPES).map(([code, { name, level }]) => `${code}  ${level.padEnd(8)} ${name}`);
  const names = [...ANALYZERS, ...OPTIONAL_ANALYZERS].map(({ name }) => `  ${name}`);
  return `Messages:\n  ${codes.join('\n  ')}\n\nAnalyzers:\n${names.join('\n')}\n`;
}

async function analyze(flags: Flags, io: Io): Promise<number> {
  const { level, failureThreshold: threshold } = flags;
  const isSuppressed = suppressions(flags.suppress);
  const input = await readInput(flags);
  const found = findMessages(flags, input)
    .filter((each) => RANK[levelOf(each)] >= RANK[level] && !isSuppressed(each))
    .sort(compareMessages);
  io.out(
    flags.output === 'text'
      ? found.map((each) => `${shown(textLine(each, input.lineOf), io)}\n`).join('')
      : toStructuredStream(found.map(toEntry), flags.output),
  );
  report(io, input);
  if (input.problems.length > 0) return 2;
  if (found.length === 0 && flags.output === 'text') io.out('Nothing found.\n');
  return found.some((each) => RANK[levelOf(each)] >= RANK[threshold]) ? 1 : 0;
}

function findMessages({ filename: roots, namespace, withCluster, istioVersion }: Flags, input: Input): Message[] {
  const { messages, world } = analyzeFiles({
    ...input,
    // What was asked for stands above what is installed.
    readers: istioVersion === undefined ? input.readers : [],
    roots: roots.map((root) => normalize(root).replace(/\/$/, '')),
    surroundings: { release: parseIstioVersion(istioVersion), now: Date.now(), readCertificate },
  });
  const wanted = messages.filter((each) => !namespace || isIn(each, namespace));
  return readsCluster(roots, withCluster) ? wanted : setAsideUnknown(wanted, world);
}

function readsCluster(files: readonly string[], withCluster: boolean): boolean {
  return files.length === 0 || withCluster;
}

function isIn({ resource }: Message, namespace: string): boolean {
  return resource.namespace === '' || resource.namespace === namespace;
}

function suppressions(rules: readonly string[]): (found: Message) => boolean {
  const parsed = rules.map((rule) => {
    const [code = '', name] = rule.split(/=(.*)/s);
    if (!Object.hasOwn(MESSAGE_TYPES, code)) throw new UsageError(`--suppress: there is no code "${code}"; see --list`);
    return { code, name };
  });
  return ({ code, resource }) =>
    parsed.some((rule) => rule.code === code && (rule.name === undefined || rule.name === friendlyName(resource)));
}

type LineOf = (found: Message) => number | undefined;

interface Input {
  files: Resource[];
  /** What is in the cluster or implied, and the mesh configuration. */
  others: Resource[];
  /** The control planes of the cluster. */
  readers: readonly ResourceReader[];
  problems: string[];
  notes: readonly string[];
  lineOf: LineOf;
}

async function readInput(flags: Flags): Promise<Input> {
  const { filename: files, namespace = 'default', meshConfig: meshFile, withCluster } = flags;
  const contents = readObjects(files);
  const places = new Map<Resource, FileObject>();
  for (const object of contents.objects) {
    const resource = resourceOf(fromFile(object), namespace);
    if (resource) places.set(resource, object);
  }
  const problems = [...contents.problems];
  const inFiles = [...places.keys()];
  const others = meshFile === undefined ? [] : readMeshConfig(meshFile, problems);
  const cluster = readsCluster(files, withCluster) ? await readCluster(flags) : undefined;
  if (cluster) others.push(...cluster.resources);
  else others.push(...impliedByFiles([...inFiles, ...others], flags.istioNamespace));
  const { notes } = contents;
  return {
    files: inFiles,
    others,
    readers: cluster?.readers ?? [],
    problems,
    notes,
    lineOf: ({ resource, path }) => places.get(resource)?.lineOf(path),
  };
}

function fromFile(object: FileObject): ReadObject {
  return { value: object.value, origin: originOf(object) };
}

function readMeshConfig(file: string, problems: string[]): Resource[] {
  const [spec = {}] = readMaps(file, problems);
  return [meshResource(KIND.meshConfig, spec)];
}

async function readCluster(flags: Flags): Promise<{ resources: Resource[]; readers: readonly ResourceReader[] }> {
  // The client of the API server takes long to load, and files need none.
  const { fetchObjects } = await import('./analyze-live.ts');
  const objects = await fetchObjects(flags);
  const resources = objects.flatMap((value) => resourceOf({ value, origin: {} }, '') ?? []);
  const configMaps = objects.filter(
    ({ kind, metadata }) => kind === 'ConfigMap' && metadata.namespace === flags.istioNamespace,
  );
  const readers = findReaders(configMaps, () => objects.filter(({ kind }) => kind === 'Namespace'));
  return { resources: [...resources, ...meshOfConfigMaps(resources, flags.istioNamespace)], readers };
}

/** One line for each finding where programs may read them; on a screen in lines that fit, and in colours. */
function shown(line: string, io: Io): string {
  if (!io.isTerminal) return line;
  const wrapped = wrapText(line, io.columns, '    ');
  return isColoured('auto', io) ? colourWords(wrapped, LEVEL_WORDS) : wrapped;
}

function textLine(found: Message, lineOf: LineOf): string {
  const { code, resource, text, path } = found;
  const line = lineOf(found);
  const file =
    resource.origin.file === undefined ? '' : ` ${resource.origin.file}:${line ?? resource.origin.line ?? 1}`;
  return `${levelOf(found)} [${code}] (${friendlyName(resource)}${path ? ` ${path}` : ''}${file}) ${text}`;
}

function toEntry(found: Message): object {
  const { code, resource, text, path } = found;
  const { kind, name, namespace, origin } = resource;
  return {
    code,
    name: MESSAGE_TYPES[code].name,
    level: levelOf(found),
    kind: kind.slice(kind.indexOf('/') + 1),
    namespace,
    resource: name,
    path,
    message: text,
    ...origin,
  };
}
