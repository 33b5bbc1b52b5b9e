import { formatProblem } from '../../core/problem.ts';
import { toManifestText } from '../../core/render/manifest-text.ts';
import { inApplyOrder } from '../../core/render/order.ts';
import { render } from '../../core/render/render.ts';
import { readImageDefaults } from '../../operator/image-defaults.ts';
import type { Call } from '../shell/command.ts';
import { report, type Io } from '../shell/io.ts';
import type { GENERATE_OPTIONS } from './generate-options.ts';
import type { FileNotes } from './pick-istio-operator.ts';
import { readOperator } from './read-manifest.ts';

/** `sailwright manifest generate`: the exit code. */
export function runManifestGenerate({ flags }: Call<typeof GENERATE_OPTIONS>, io: Io): number {
  const notes: FileNotes = { warnings: [], problems: [] };
  const documents = flags.filename.flatMap((file) => readOperator(file, notes));
  report(io, notes);
  if (notes.problems.length > 0) return 1;
  const { set: setFlags, profile, upstream, force, istioVersion } = flags;
  const version = istioVersion === undefined ? {} : { istioVersion };
  const result = render(
    { documents, setFlags, ...(profile === undefined ? {} : { profile }) },
    { form: upstream ? 'upstream' : 'sailwright', defaults: readImageDefaults(io.env), force, ...version },
  );
  const problems = result.ok ? [] : result.problems.map(formatProblem);
  report(io, { warnings: result.warnings.map(formatProblem), problems });
  if (!result.ok) return 1;
  io.out(toManifestText(inApplyOrder(result.value.components.flatMap((component) => component.objects))));
  return 0;
}
