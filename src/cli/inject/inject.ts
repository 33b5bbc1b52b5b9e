import { parseArgs } from 'node:util';
import { isEqual } from '../../core/json-equality.ts';
import { injectDocument, fileInjectionConfig, type WorkloadInjection } from '../../core/inject/kube-inject.ts';
import type { CompiledInjectionConfig } from '../../core/inject/compile-injection-config.ts';
import { ConfigError, defaultInjection, loadInjectionFile, readText, type LocalInjection } from './inject-config.ts';
import { readTextDocuments, rewriteDocument, type TextDocument } from './inject-documents.ts';

const HELP = `Usage: sailwright inject -f FILE [--config FILE]
       sailwright inject --explain -f FILE [--config FILE]
       sailwright inject --explain -n NAMESPACE POD

Adds Istio's sidecar to the workloads in a file and prints every document; what is no workload stays as it is.

  -f, --filename FILE   documents to inject; "-" is standard input
      --config FILE     values, mesh configuration and the like (default: what the default profile installs)
      --explain         print why pods get a sidecar or do not, rule by rule, and inject nothing
  -n, --namespace NAME  with --explain: namespace of a pod that runs in the cluster, or that the file leaves out
      --kubeconfig FILE with --explain POD: kubeconfig to use (KUBECONFIG, else ~/.kube/config)
  -h, --help            show this text

Exit codes: 0 done, 1 the input or the configuration has errors, 2 wrong command line.
Environment: SAILWRIGHT_DEFAULT_HUB and SAILWRIGHT_DEFAULT_TAG replace the built-in image hub and tag.
`;

const OPTIONS = {
  filename: { type: 'string', short: 'f' },
  config: { type: 'string' },
  explain: { type: 'boolean' },
  namespace: { type: 'string', short: 'n' },
  kubeconfig: { type: 'string' },
  help: { type: 'boolean', short: 'h' },
} as const;

interface Flags {
  filename?: string;
  config?: string;
  explain?: boolean;
  namespace?: string;
  kubeconfig?: string;
  help?: boolean;
}

/** `sailwright inject`: resolves with the exit code. */
export async function runInject(args: string[]): Promise<number> {
  const parsed = parseFlags(args);
  if (typeof parsed === 'string') {
    process.stderr.write(`${parsed}\nRun "sailwright inject --help" for the options.\n`);
    return 2;
  }
  if (parsed.flags.help) {
    process.stdout.write(HELP);
    return 0;
  }
  try {
    return await run(parsed.flags, parsed.pod);
  } catch (error) {
    if (!(error instanceof ConfigError)) throw error;
    process.stderr.write(`${error.message}\n`);
    return 1;
  }
}

function parseFlags(args: string[]): { flags: Flags; pod: string | undefined } | string {
  try {
    const { values, positionals } = parseArgs({ args, options: OPTIONS, allowPositionals: true });
    const [pod] = positionals;
    return findMisuse(values, positionals) ?? { flags: values, pod };
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  }
}

function findMisuse(flags: Flags, pods: readonly string[]): string | undefined {
  if (flags.help) return undefined;
  if (pods.length > 1) return `one pod at a time: ${pods.join(', ')}`;
  const wantsPod = flags.explain === true && flags.filename === undefined;
  if (!wantsPod && pods.length > 0) return `"${pods[0]}" is one argument too many: a file is named by -f`;
  if (wantsPod && pods.length === 0) return '--explain needs a file (-f FILE) or the name of a pod';
  if (wantsPod && flags.config !== undefined)
    return '--config goes with a file: a pod is judged by what the cluster has';
  if (!wantsPod && flags.filename === undefined) return 'no file is given: use -f FILE, or -f - for standard input';
  return undefined;
}

async function run(flags: Flags, pod: string | undefined): Promise<number> {
  if (pod !== undefined) {
    const { explainLivePod } = await import('./inject-explain-live.ts');
    const { namespace = 'default', kubeconfig } = flags;
    return explainLivePod({ pod, namespace, kubeconfig });
  }
  const file = flags.filename ?? '-';
  const injection = flags.config === undefined ? defaultInjection() : loadInjectionFile(flags.config);
  const problems: string[] = [];
  const documents = readTextDocuments(readText(file), problems);
  if (problems.length > 0) return report(problems.map((problem) => `${file}: ${problem}`));
  if (!flags.explain) return injectDocuments(documents, file, injection);
  const { explainDocuments } = await import('./inject-explain.ts');
  process.stdout.write(explainDocuments(documents, injection, flags.namespace));
  return 0;
}

function injectDocuments(documents: readonly TextDocument[], file: string, injection: LocalInjection): number {
  const config = fileInjectionConfig(injection.compile('files'));
  const results = documents.map((document) => ({ document, ...injected(document, config) }));
  const problems = results.flatMap(({ document, workloads }) =>
    workloads.flatMap(({ kind, name, result }) =>
      result.outcome === 'denied'
        ? [`${file}: document ${document.index + 1} (${kind} ${name}): ${result.message} (${result.reason})`]
        : [],
    ),
  );
  if (problems.length > 0) return report(problems);
  for (const { document, workloads } of results) {
    for (const { kind, name, result } of workloads) {
      if (result.outcome !== 'skipped') continue;
      const place = `${file}: document ${document.index + 1} (${kind} ${name})`;
      process.stderr.write(`note: ${place} is not injected: ${result.decision.message}\n`);
    }
  }
  process.stdout.write(joined(results.map(({ text }) => text)));
  return 0;
}

function injected(
  document: TextDocument,
  config: CompiledInjectionConfig,
): { text: string; workloads: WorkloadInjection[] } {
  if (!document.value) return { text: document.source, workloads: [] };
  const result = injectDocument(document.value, config);
  const isChanged = !isEqual(document.value, result.document);
  return {
    text: isChanged ? rewriteDocument(document, result.document) : document.source,
    workloads: result.workloads,
  };
}

/** Documents carry their own markers; one that does not end its line would swallow the next. */
function joined(texts: readonly string[]): string {
  return texts.map((text) => (text === '' || text.endsWith('\n') ? text : `${text}\n`)).join('');
}

function report(problems: readonly string[]): number {
  for (const problem of problems) process.stderr.write(`${problem}\n`);
  return 1;
}
