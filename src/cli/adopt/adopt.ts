import { readImageDefaults } from '../../operator/image-defaults.ts';
import type { KubeClient } from '../../kube/client.ts';
import { USUAL_NAMESPACE } from '../../api/istio-names.ts';
import { errorText } from '../../core/error-text.ts';
import type { JsonObject } from '../../core/kube-object.ts';
import type { Call } from '../shell/command.ts';
import { connectCluster, PATIENCE_OF_CHANGES_MS } from '../shell/connect-cluster.ts';
import { InputError } from '../shell/input-error.ts';
import { report, type Io } from '../shell/io.ts';
import { toStructured } from '../shell/structured.ts';
import { UsageError } from '../shell/usage-error.ts';
import { openWorld } from '../manifest/diff-world.ts';
import type { FileNotes } from '../manifest/pick-istio-operator.ts';
import { readOperator } from '../manifest/read-manifest.ts';
import { toManifestText } from '../../core/render/manifest-text.ts';
import type { Patience } from '../shell/await-resource.ts';
import { carryOut } from './carry-out.ts';
import { findMesh } from './find-mesh.ts';
import type { ADOPT_OPTIONS } from './options.ts';
import { planHandOver, type HandOverPlan } from './plan-hand-over.ts';
import { summarize, toPlanText } from './plan-text.ts';
import { proposeResource } from './propose-resource.ts';
import { undoHandOver } from './undo.ts';

type Flags = Call<typeof ADOPT_OPTIONS>['flags'];

/** `sailwright adopt`: the exit code. */
export async function runAdopt({ flags }: Call<typeof ADOPT_OPTIONS>, io: Io): Promise<number> {
  const patience = patienceOf(flags, io);
  if (flags.yes && flags.undo) throw new UsageError('--yes and --undo exclude each other');
  const api = connectCluster(flags, { patienceMs: PATIENCE_OF_CHANGES_MS });
  try {
    const problem = flags.undo ? await undo(api, flags, patience) : await adopt(api, flags, { io, patience });
    if (problem === undefined) return 0;
    report(io, { problems: [problem] });
    return 1;
  } catch (error) {
    if (error instanceof UsageError) throw error;
    report(io, { problems: [errorText(error)] });
    return 1;
  } finally {
    api.close();
  }
}

function patienceOf({ timeout }: Flags, io: Io): Patience {
  const seconds = Number(timeout);
  if (!Number.isFinite(seconds) || seconds <= 0) throw new UsageError(`--timeout takes seconds, not "${timeout}"`);
  return { timeoutMs: seconds * 1000, onProgress: (text) => io.err(`${text.replaceAll('\n', ' ')}\n`) };
}

async function undo(
  api: KubeClient,
  { name, revision, namespace }: Flags,
  patience: Patience,
): Promise<string | undefined> {
  const usual = revision === undefined || revision === 'default' ? 'istio' : `istio-${revision}`;
  return undoHandOver(api, { name: name ?? usual, namespace: namespace ?? USUAL_NAMESPACE }, patience);
}

async function adopt(
  api: KubeClient,
  flags: Flags,
  { io, patience }: { io: Io; patience: Patience },
): Promise<string | undefined> {
  const given = readGiven(flags.filename);
  const mesh = await findMesh(api, flags);
  const kubeVersion = await api.serverVersion();
  const proposed = proposeResource(mesh, { name: flags.name, given, kubeVersion });
  if (flags.resource) {
    io.out(toManifestText([proposed.resource]));
    report(io, { warnings: proposed.notes });
    return undefined;
  }
  const { name, namespace = '' } = proposed.resource.metadata;
  const world = await openWorld(api, { name, namespace }, readImageDefaults(io.env));
  const plan = await planHandOver(world, mesh, proposed);
  show(plan, flags, io);
  const obstacle = findObstacle(plan, flags);
  if (obstacle !== undefined || !flags.yes) return obstacle;
  return carryOut({ api, mesh, plan, proposed }, patience);
}

/** The IstioOperator of the files, one over the other. */
function readGiven(files: readonly string[]): JsonObject | undefined {
  const notes: FileNotes = { warnings: [], problems: [] };
  const documents = files.flatMap((file) => readOperator(file, notes));
  if (notes.problems.length > 0) throw new InputError(notes.problems.join('; '));
  if (documents.length > 1) throw new InputError('-f takes one file with one IstioOperator');
  return documents[0];
}

function show(plan: HandOverPlan, { output }: Flags, io: Io): void {
  const { former: _, ...told } = plan;
  if (output !== 'text') io.out(toStructured(told, output));
  else io.out(toPlanText(plan));
  report(io, { warnings: [...plan.warnings, ...plan.writers], problems: plan.problems });
  io.err(`${summarize(plan)}\n`);
}

function findObstacle({ problems, writers }: HandOverPlan, { yes, despiteWriters }: Flags): string | undefined {
  if (problems.length > 0) return 'nothing was written: what is told above is in the way';
  if (!yes || writers.length === 0 || despiteWriters) return undefined;
  return 'nothing was written: stop the other writers that are named above, or say --despite-writers';
}
