import { displayName, refOf, type JsonObject, type KubeObject } from '../../core/kube-object.ts';
import type { Owner } from '../../core/plan/owner-labels.ts';
import { formatProblem } from '../../core/problem.ts';
import type { Rendered } from '../../core/render/index.ts';
import { render } from '../../core/render/render.ts';
import type { KubeApi } from '../../kube/kube-api.ts';
import { readImageDefaults } from '../../operator/image-defaults.ts';
import { openWorld } from '../manifest/diff-world.ts';
import type { Call } from '../shell/command.ts';
import { confirm } from '../shell/confirm.ts';
import { InputError } from '../shell/input-error.ts';
import { report, type Io } from '../shell/io.ts';
import { CLEAR_REST_OF_LINE } from '../shell/live-view.ts';
import { toTable } from '../shell/table.ts';
import { UsageError } from '../shell/usage-error.ts';
import { withCluster } from '../shell/with-cluster.ts';
import { applyOperator } from './apply-operator.ts';
import { isChange, planOperator, timeoutOf } from './change-operator.ts';
import { followInstallation } from './follow-installation.ts';
import type { INSTALL_OPTIONS } from './options.ts';
import { applyAs, plannedText, planObjects, type PlannedObject } from './plan-objects.ts';
import { namespaceFor, readResource } from './read-resource.ts';

type Flags = Call<typeof INSTALL_OPTIONS>['flags'];

/** What to do in a cluster. */
export interface Installing {
  api: KubeApi;
  flags: Flags;
  io: Io;
  timeoutMs: number;
}

/** What is to be written. */
interface Plan {
  operator: PlannedObject[];
  /** The namespace and the IstioOperator; none with --operator-only. */
  mesh: PlannedObject[];
}

/** `sailwright install`: the exit code. @throws UsageError, InputError, ApiError */
export async function runInstall({ flags }: Call<typeof INSTALL_OPTIONS>, io: Io): Promise<number> {
  const misuse = findMisuse(flags);
  if (misuse !== undefined) throw new UsageError(misuse);
  const timeoutMs = timeoutOf(flags);
  const resource = flags.operatorOnly ? undefined : readResource(flags, io);
  return withCluster(flags, async (api) => {
    const installing = { api, flags, io, timeoutMs };
    const stop = tellWhenInterrupted(io);
    try {
      return await install(installing, resource);
    } finally {
      stop();
    }
  });
}

function findMisuse(flags: Flags): string | undefined {
  const ofMesh = flags.filename.length + flags.set.length > 0 || flags.profile !== undefined;
  return flags.operatorOnly && ofMesh
    ? '--operator-only installs no mesh, so that -f, --set and --profile say nothing'
    : undefined;
}

/** Plans, tells, asks, does it and follows: the exit code. @throws InputError, ApiError */
export async function install(
  { api, flags, io, timeoutMs }: Installing,
  resource: KubeObject | undefined,
): Promise<number> {
  const rendered = resource && (await judge({ api, io, flags }, resource));
  const plan = await planAll(api, flags, resource);
  io.out(planText(plan, resource, rendered));
  if (flags.dryRun) return 0;
  if ([...plan.operator, ...plan.mesh].some(isChange)) await confirm(io, flags.yes, 'Do it?');
  const progress = tellOnce(io);
  try {
    const patience = { timeoutMs, onProgress: progress.tell };
    await applyOperator(api, plan.operator, { force: flags.force, patience });
    for (const { object } of plan.mesh.filter(isChange)) {
      patience.onProgress(`applying ${displayName(refOf(object))}`);
      await applyAs(api, object, flags);
    }
  } finally {
    progress.end();
  }
  if (!resource) {
    io.out('the operator runs; it waits for an IstioOperator\n');
    return 0;
  }
  const owner: Owner = { name: resource.metadata.name, namespace: resource.metadata.namespace ?? '' };
  const failure = await followInstallation(api, owner, io, timeoutMs);
  if (failure !== undefined) throw new InputError(failure);
  io.out(nextSteps(rendered?.revision ?? ''));
  return 0;
}

/** What the operator would say of the resource, before anything is written. @throws InputError */
async function judge({ api, io }: Pick<Installing, 'api' | 'io' | 'flags'>, resource: KubeObject): Promise<Rendered> {
  const { name, namespace = '' } = resource.metadata;
  const { options, stored } = await openWorld(api, { name, namespace }, readImageDefaults(io.env));
  const status = stored?.['status'] === undefined ? {} : { status: stored['status'] };
  const result = render({ documents: [{ ...resource, ...status } as unknown as JsonObject] }, options);
  report(io, { warnings: result.warnings.map(formatProblem) });
  if (result.ok) return result.value;
  throw new InputError(`nothing was changed: ${result.problems.map(formatProblem).join('; ')}`);
}

async function planAll(api: KubeApi, flags: Flags, resource: KubeObject | undefined): Promise<Plan> {
  const operator = await planOperator(api, flags);
  if (!resource) return { operator, mesh: [] };
  // A namespace that is there is its owner's.
  const namespace = namespaceFor(resource);
  const isThere = (await api.get(refOf(namespace))) !== undefined;
  return { operator, mesh: await planObjects(api, [...(isThere ? [] : [namespace]), resource], flags.force) };
}

function planText({ operator, mesh }: Plan, resource: KubeObject | undefined, rendered: Rendered | undefined): string {
  const parts = [`the operator:\n${plannedText(operator)}`];
  if (resource && rendered) {
    const components = rendered.components.map(({ component, objects }) => `${objects.length} of ${component}`);
    parts.push(`the mesh:\n${plannedText(mesh)}  whose objects the operator makes: ${components.join(', ')}\n`);
  }
  return `${parts.join('\n')}\n`;
}

/** What is done just now; on a screen in one line, so that what was asked stays in sight. */
function tellOnce(io: Io): { tell: (text: string) => void; end: () => void } {
  let told = '';
  const tell = (text: string): void => {
    if (text !== told) io.err(io.isTerminal ? `\r${text.slice(0, io.columns - 1)}${CLEAR_REST_OF_LINE}` : `${text}\n`);
    told = text;
  };
  return { tell, end: () => io.isTerminal && told !== '' && io.err(`\r${CLEAR_REST_OF_LINE}`) };
}

/** Ctrl-C leaves what was written, and says so. */
function tellWhenInterrupted(io: Io): () => void {
  const onInterrupt = (): void => {
    io.err('\nended early: what was written stays, and the same command goes on from there\n');
    process.exit(130);
  };
  process.once('SIGINT', onInterrupt);
  return () => void process.off('SIGINT', onInterrupt);
}

function nextSteps(revision: string): string {
  const label = revision === '' ? 'istio-injection=enabled' : `istio.io/rev=${revision}`;
  const steps = [
    [`  kubectl label namespace NAMESPACE ${label}`, 'pods that start there get a sidecar'],
    ['  sailwright status', 'what runs, and what is wrong with it'],
    ['  sailwright proxies --stale', 'what a restart would change'],
    ['  sailwright analyze', 'mistakes across resources'],
    ['  sailwright dashboard', 'all of it on a page'],
  ];
  return `the mesh is ready. What comes next:\n${toTable(steps)}`;
}
