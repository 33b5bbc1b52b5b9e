import { isEqual } from '../../core/json-equality.ts';
import { injectDocument, fileInjectionConfig, type WorkloadInjection } from '../../core/inject/kube-inject.ts';
import type { CompiledInjectionConfig } from '../../core/inject/compile-injection-config.ts';
import { readImageDefaults } from '../../operator/image-defaults.ts';
import { readText } from '../files/read-text.ts';
import type { Call } from '../shell/command.ts';
import { report, type Io } from '../shell/io.ts';
import { parseIstioVersion } from '../shell/istio-version.ts';
import { UsageError } from '../shell/usage-error.ts';
import type { INJECT_OPTIONS } from './options.ts';
import { defaultInjection, loadInjectionFile, type LocalInjection } from './inject-config.ts';
import { readTextDocuments, rewriteDocument, type TextDocument } from './inject-documents.ts';

type Flags = Call<typeof INJECT_OPTIONS>['flags'];

/** `sailwright inject`: the exit code. */
export async function runInject({ flags, operands }: Call<typeof INJECT_OPTIONS>, io: Io): Promise<number> {
  const misuse = findMisuse(flags, operands);
  if (misuse !== undefined) throw new UsageError(misuse);
  const [pod] = operands;
  if (pod === undefined) return runOnFile(flags, io);
  const { explainLivePod } = await import('./inject-explain-live.ts');
  io.out(await explainLivePod({ pod, namespace: flags.namespace ?? 'default' }, flags));
  return 0;
}

function findMisuse(flags: Flags, pods: readonly string[]): string | undefined {
  const wantsPod = flags.explain && flags.filename === undefined;
  if (!wantsPod && pods.length > 0) return `"${pods[0]}" is one argument too many: a file is named by -f`;
  if (wantsPod && pods.length === 0) return '--explain needs a file (-f FILE) or the name of a pod';
  if (wantsPod && flags.config !== undefined)
    return '--config goes with a file: a pod is judged by what the cluster has';
  if (!wantsPod && flags.filename === undefined) return 'no file is given: use -f FILE, or -f - for standard input';
  return undefined;
}

async function runOnFile(flags: Flags, io: Io): Promise<number> {
  const file = flags.filename ?? '-';
  const { config, istioVersion } = flags;
  const asked = istioVersion === undefined ? {} : { release: parseIstioVersion(istioVersion).name };
  const standard = { ...asked, defaults: readImageDefaults(io.env) };
  const injection = config === undefined ? defaultInjection(standard) : loadInjectionFile(config, standard);
  const problems: string[] = [];
  const documents = readTextDocuments(readText(file), file, problems);
  report(io, { problems });
  if (problems.length > 0) return 1;
  if (!flags.explain) return injectDocuments(documents, { file, injection, io });
  const { explainDocuments } = await import('./inject-explain.ts');
  io.out(explainDocuments(documents, injection, flags.namespace));
  return 0;
}

interface Task {
  file: string;
  injection: LocalInjection;
  io: Io;
}

function injectDocuments(documents: readonly TextDocument[], { file, injection, io }: Task): number {
  const config = fileInjectionConfig(injection.compile('files'));
  const results = documents.map((document) => ({ document, ...injected(document, config) }));
  const problems = results.flatMap(({ document, workloads }) =>
    workloads.flatMap(({ kind, name, result }) =>
      result.outcome === 'denied'
        ? [`${placeOf(file, document, { kind, name })}: ${result.message} (${result.reason})`]
        : [],
    ),
  );
  report(io, { problems });
  if (problems.length > 0) return 1;
  const notes = results.flatMap(({ document, workloads }) =>
    workloads.flatMap(({ kind, name, result }) =>
      result.outcome === 'skipped'
        ? [`${placeOf(file, document, { kind, name })} is not injected: ${result.decision.message}`]
        : [],
    ),
  );
  report(io, { notes });
  io.out(joined(results.map(({ text }) => text)));
  return 0;
}

function placeOf(file: string, { index }: TextDocument, { kind, name }: { kind: string; name: string }): string {
  return `${file}: document ${index + 1} (${kind} ${name})`;
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
