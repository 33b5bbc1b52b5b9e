import { formatProblem, type Result } from '../../core/problem.ts';
import type { OperatorInput } from '../../core/render/composition/operator-tree.ts';
import { toManifestText } from '../../core/render/manifest-text.ts';
import { inApplyOrder } from '../../core/render/order.ts';
import type { Rendered, RenderOptions } from '../../core/render/index.ts';
import { renderUntried } from '../../core/render/render-untried.ts';
import { readImageDefaults } from '../../operator/image-defaults.ts';
import type { Call } from '../shell/command.ts';
import { report, type Io } from '../shell/io.ts';
import type { GENERATE_OPTIONS } from './generate-options.ts';
import type { FileNotes } from './pick-istio-operator.ts';
import { readOperator } from './read-manifest.ts';

/** `sailwright manifest generate`: the exit code. */
export async function runManifestGenerate({ flags }: Call<typeof GENERATE_OPTIONS>, io: Io): Promise<number> {
  const notes: FileNotes = { warnings: [], problems: [] };
  const documents = flags.filename.flatMap((file) => readOperator(file, notes));
  report(io, notes);
  if (notes.problems.length > 0) return 1;
  const { set: setFlags, profile, upstream, force, istioVersion } = flags;
  const version = istioVersion === undefined ? {} : { istioVersion };
  const result = await render(
    { documents, setFlags, ...(profile === undefined ? {} : { profile }) },
    { form: upstream ? 'upstream' : 'sailwright', defaults: readImageDefaults(io.env), force, ...version },
  );
  const problems = result.ok ? [] : result.problems.map(formatProblem);
  report(io, { warnings: result.warnings.map(formatProblem), problems });
  if (!result.ok) return 1;
  io.out(toManifestText(inApplyOrder(result.value.components.flatMap((component) => component.objects))));
  return 0;
}

/** As the core's, but what tries injection is only loaded where there is something to try. */
async function render(input: OperatorInput, options: RenderOptions): Promise<Result<Rendered>> {
  const untried = renderUntried(input, options);
  if (!untried.toTry) return untried.result;
  const { tryInjection } = await import('../../core/render/try-injection.ts');
  return tryInjection(untried, options);
}
