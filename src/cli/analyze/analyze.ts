import { X509Certificate } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { normalize } from 'node:path';
import { parseArgs } from 'node:util';
import { compareMessages } from '../../core/analyze/analyze.ts';
import { ANALYZERS, OPTIONAL_ANALYZERS } from '../../core/analyze/analyzers/index.ts';
import { defaultControlPlane, defaultIngressGateway } from '../../core/analyze/default-ingress.ts';
import { analyzeFiles } from '../../core/analyze/files/analyze-files.ts';
import { setAsideUnknown } from '../../core/analyze/files/set-aside.ts';
import { KIND } from '../../core/analyze/kinds.ts';
import { meshOfConfigMaps } from '../../core/analyze/mesh-of-config-maps.ts';
import { levelOf, MESSAGE_TYPES, type Level, type Message } from '../../core/analyze/messages.ts';
import { friendlyName, type Resource } from '../../core/analyze/resource.ts';
import { meshResource, resourceOf, type ReadObject } from '../../core/analyze/world-from-objects.ts';
import type { Surroundings } from '../../core/analyze/world.ts';
import { formatProblem, type Problem } from '../../core/problem.ts';
import { parseYamlObjects } from '../../core/values/yaml-input.ts';
import { readObjects, type FileObject } from '../files/read-documents.ts';
import { UsageError } from '../shell/usage-error.ts';

const HELP = `Usage: sailwright analyze -f PATH... [options]
       sailwright analyze [options]

Looks for mistakes across resources: references to what does not exist, hosts that are claimed twice, ports that nobody
exposes, policies without effect. With -f in files and directories ("-" is standard input), else in the cluster.

  -f, --filename PATH           file or directory to read
      --with-cluster            with -f: look at the files as if they were applied to the cluster
      --mesh-config FILE        mesh configuration, in place of the cluster's or the default
  -n, --namespace NAMESPACE     report on this namespace only; with -f also where objects without one belong (default)
      --istio-namespace NAME    where the control plane is (istio-system)
      --kubeconfig PATH         how to reach the cluster, in place of KUBECONFIG and ~/.kube/config
      --suppress CODE[=NAME]    leave a code out, for all or for "Kind namespace/name"; may be repeated
      --level LEVEL             least level to print: Info, Warning or Error (Info)
      --failure-threshold LEVEL least level that makes the exit code 1 (Error)
      --list                    print what is looked for
  -o, --output FORMAT           text or json (text)
  -h, --help                    show this text

Exit code: 0 nothing found at the threshold, 1 found, 2 trouble.
`;

const OPTIONS = {
  filename: { type: 'string', short: 'f', multiple: true },
  'with-cluster': { type: 'boolean' },
  'mesh-config': { type: 'string' },
  namespace: { type: 'string', short: 'n' },
  'istio-namespace': { type: 'string' },
  kubeconfig: { type: 'string' },
  suppress: { type: 'string', multiple: true },
  level: { type: 'string' },
  'failure-threshold': { type: 'string' },
  list: { type: 'boolean' },
  output: { type: 'string', short: 'o' },
  help: { type: 'boolean', short: 'h' },
} as const;

type Flags = ReturnType<typeof parseArgs<{ options: typeof OPTIONS }>>['values'];

const RANK: Record<Level, number> = { Info: 0, Warning: 1, Error: 2 };
const isLevel = (text: string): text is Level => Object.hasOwn(RANK, text);

/** `sailwright analyze`: returns the exit code. */
export async function runAnalyze(args: string[]): Promise<number> {
  try {
    const flags = parseFlags(args);
    if (flags.help) return print(HELP);
    if (flags.list) return print(listText());
    return await analyze(flags);
  } catch (error) {
    if (!(error instanceof UsageError)) throw error;
    process.stderr.write(`${error.message}\nRun "sailwright analyze --help" for the options.\n`);
    return 2;
  }
}

function print(text: string): number {
  process.stdout.write(text);
  return 0;
}

function parseFlags(args: string[]): Flags {
  try {
    const { values } = parseArgs({ args, options: OPTIONS });
    if (!['text', 'json'].includes(values.output ?? 'text')) throw new UsageError('--output takes text or json');
    return values;
  } catch (error) {
    throw new UsageError(error instanceof Error ? error.message : String(error));
  }
}

function levelFlag(flags: Flags, name: 'level' | 'failure-threshold', standard: Level): Level {
  const given = flags[name] ?? standard;
  if (!isLevel(given)) throw new UsageError(`--${name} takes Info, Warning or Error, not "${given}"`);
  return given;
}

function listText(): string {
  const codes = Object.entries(MESSAGE_TYPES).map(([code, { name, level }]) => `${code}  ${level.padEnd(8)} ${name}`);
  const names = [...ANALYZERS, ...OPTIONAL_ANALYZERS].map(({ name }) => `  ${name}`);
  return `Messages:\n  ${codes.join('\n  ')}\n\nAnalyzers:\n${names.join('\n')}\n`;
}

async function analyze(flags: Flags): Promise<number> {
  const [level, threshold] = [levelFlag(flags, 'level', 'Info'), levelFlag(flags, 'failure-threshold', 'Error')];
  const input = await readInput(flags);
  const isSuppressed = suppressions(flags.suppress ?? []);
  const found = findMessages(flags, input)
    .filter((each) => RANK[levelOf(each)] >= RANK[level] && !isSuppressed(each))
    .sort(compareMessages);
  const lines = flags.output === 'json' ? found.map(jsonLine) : found.map((each) => textLine(each, input.lineOf));
  process.stdout.write(lines.map((line) => `${line}\n`).join(''));
  for (const line of [...input.notes, ...input.problems]) process.stderr.write(`${line}\n`);
  if (input.problems.length > 0) return 2;
  if (found.length === 0 && flags.output !== 'json') process.stdout.write('Nothing found.\n');
  return found.some((each) => RANK[levelOf(each)] >= RANK[threshold]) ? 1 : 0;
}

function findMessages({ filename: roots = [], namespace, ...flags }: Flags, input: Input): Message[] {
  const { messages, world } = analyzeFiles({
    ...input,
    roots: roots.map((root) => normalize(root).replace(/\/$/, '')),
    surroundings: surroundings(),
  });
  const wanted = messages.filter((each) => !namespace || isIn(each, namespace));
  return readsCluster(roots, flags) ? wanted : setAsideUnknown(wanted, world);
}

function readsCluster(files: readonly string[], flags: Flags): boolean {
  return files.length === 0 || flags['with-cluster'] === true;
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
  problems: string[];
  notes: readonly string[];
  lineOf: LineOf;
}

async function readInput(flags: Flags): Promise<Input> {
  const { filename: files = [], namespace = 'default', 'mesh-config': meshFile } = flags;
  const contents = readObjects(files);
  const places = new Map<Resource, FileObject>();
  for (const object of contents.objects) {
    const resource = resourceOf(fromFile(object), namespace);
    if (resource) places.set(resource, object);
  }
  const problems = [...contents.problems];
  const inFiles = [...places.keys()];
  const others = meshFile === undefined ? [] : readMeshConfig(meshFile, problems);
  if (readsCluster(files, flags)) others.push(...(await readCluster(flags)));
  else others.push(...impliedByFiles([...inFiles, ...others], flags['istio-namespace'] ?? 'istio-system'));
  const { notes } = contents;
  return {
    files: inFiles,
    others,
    problems,
    notes,
    lineOf: ({ resource, path }) => places.get(resource)?.lineOf(path),
  };
}

function fromFile({ file, value, lineOf }: FileObject): ReadObject {
  return { value, origin: { file, line: lineOf('metadata.name') } };
}

function readMeshConfig(file: string, problems: string[]): Resource[] {
  const found: Problem[] = [];
  const [spec = {}] = parseYamlObjects(readFileSync(file, 'utf8'), found);
  problems.push(...found.map((problem) => `${file}: ${formatProblem(problem)}`));
  return [meshResource(KIND.meshConfig, spec)];
}

/** What files leave out: the mesh configuration of a ConfigMap among them, istiod and the usual ingress gateway. */
function impliedByFiles(resources: readonly Resource[], istioNamespace: string): Resource[] {
  const mesh = meshOfConfigMaps(resources, istioNamespace);
  const meshConfig = [...resources, ...mesh].find(({ kind }) => kind === KIND.meshConfig);
  return [...mesh, ...defaultControlPlane(istioNamespace), ...defaultIngressGateway(meshConfig, istioNamespace)];
}

async function readCluster(flags: Flags): Promise<Resource[]> {
  // The client of the API server takes long to load, and files need none.
  const { fetchObjects } = await import('./analyze-live.ts');
  const objects = await fetchObjects(flags.kubeconfig);
  const resources = objects.flatMap((value) => resourceOf({ value, origin: {} }, '') ?? []);
  return [...resources, ...meshOfConfigMaps(resources, flags['istio-namespace'] ?? 'istio-system')];
}

function surroundings(): Surroundings {
  return {
    now: Date.now(),
    readCertificate: (pem) => {
      try {
        const { validFromDate, validToDate } = new X509Certificate(pem);
        return { notBefore: validFromDate.getTime(), notAfter: validToDate.getTime() };
      } catch {
        return undefined;
      }
    },
  };
}

function textLine(found: Message, lineOf: LineOf): string {
  const { code, resource, text, path } = found;
  const line = lineOf(found);
  const file =
    resource.origin.file === undefined ? '' : ` ${resource.origin.file}:${line ?? resource.origin.line ?? 1}`;
  return `${levelOf(found)} [${code}] (${friendlyName(resource)}${path ? ` ${path}` : ''}${file}) ${text}`;
}

function jsonLine(found: Message): string {
  const { code, resource, text, path } = found;
  const { kind, name, namespace, origin } = resource;
  return JSON.stringify({
    code,
    name: MESSAGE_TYPES[code].name,
    level: levelOf(found),
    kind: kind.slice(kind.indexOf('/') + 1),
    namespace,
    resource: name,
    path,
    message: text,
    ...origin,
  });
}
