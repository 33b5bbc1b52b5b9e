import { displayName, refOf, type JsonObject, type KubeObject } from '../../core/kube-object.ts';
import { planLeaving } from '../../core/plan/leave.ts';
import type { Owner } from '../../core/plan/owner-labels.ts';
import { formatProblem } from '../../core/problem.ts';
import type { Rendered } from '../../core/render/index.ts';
import { render } from '../../core/render/render.ts';
import { readImageDefaults } from '../../operator/image-defaults.ts';
import { renderedPart } from '../../operator/render-resource.ts';
import type { KubeApi } from '../../kube/kube-api.ts';
import type { Patience } from '../shell/await-resource.ts';
import { openWorld, type World } from '../manifest/diff-world.ts';
import type { Call } from '../shell/command.ts';
import { connectCluster, PATIENCE_OF_CHANGES_MS } from '../shell/connect-cluster.ts';
import { fetchIstioOperators } from '../shell/fetch-istio-operators.ts';
import { InputError } from '../shell/input-error.ts';
import type { Io } from '../shell/io.ts';
import { UsageError } from '../shell/usage-error.ts';
import { wrapText } from '../shell/wrap-text.ts';
import { leaveMesh } from './leave-mesh.ts';
import { planRemoval, removalText, removeMesh } from './remove-mesh.ts';
import type { UNINSTALL_OPTIONS } from './options.ts';

type Flags = Omit<Call<typeof UNINSTALL_OPTIONS>['flags'], 'dryRun'>;

/** `sailwright uninstall`: the exit code. @throws UsageError, InputError, ApiError */
export async function runUninstall(
  { flags: given, operands }: Call<typeof UNINSTALL_OPTIONS>,
  io: Io,
): Promise<number> {
  const { dryRun, ...asked } = given;
  const flags = dryRun ? { ...asked, yes: false } : asked;
  const [name, ...more] = operands;
  if (more.length > 0) throw new UsageError('uninstall takes one NAME');
  const seconds = Number(flags.timeout);
  if (!(seconds > 0)) throw new UsageError(`--timeout takes a number of seconds, not "${flags.timeout}"`);
  const api = connectCluster(flags, { patienceMs: PATIENCE_OF_CHANGES_MS });
  try {
    const resources = await fetchIstioOperators(api, name, flags.namespace);
    if (resources.length === 0)
      throw new InputError('the cluster has no such IstioOperator: look with kubectl get istiooperators -A');
    const timeoutMs = seconds * 1000;
    const work = { api, flags, io, patience: { timeoutMs, onProgress: (text: string) => io.err(`${text}\n`) } };
    if (flags.keepMesh) await leaveAll(work, resources);
    else await removeAll(work, resources);
    io.out(flags.yes ? `${wrapText(LAST_STEP, io.columns, '')}\n` : 'nothing was written; --yes does it\n');
    return 0;
  } finally {
    api.close();
  }
}

/** What to do in a cluster. */
interface Work {
  api: KubeApi;
  flags: Flags;
  io: Io;
  patience: Patience;
}

async function leaveAll({ api, flags, io, patience }: Work, resources: readonly KubeObject[]): Promise<void> {
  for (const { metadata } of resources) {
    const owner: Owner = { name: metadata.name, namespace: metadata.namespace ?? '' };
    const world = await openWorld(api, owner, readImageDefaults(io.env));
    const { objects, istioNamespace } = plan(world);
    io.out(describe(owner, objects));
    if (!flags.yes) continue;
    const failure = await leaveMesh(api, { owner, objects, istioNamespace }, patience);
    if (failure !== undefined) throw new InputError(failure);
    io.out(`IstioOperator ${owner.namespace}/${owner.name} is gone, and istiod runs the mesh\n`);
  }
}

/** All are looked at before the first goes. */
async function removeAll({ api, flags, io, patience }: Work, resources: readonly KubeObject[]): Promise<void> {
  const removals = [];
  for (const resource of resources) removals.push(await planRemoval(api, resource));
  io.out(removals.map((removal) => removalText(removal, io.columns)).join(''));
  if (!flags.yes) return;
  const used = removals.filter(({ users }) => users !== '');
  if (used.length > 0 && !flags.force) {
    throw new InputError('nothing was removed, since it is in use as told above: free it first, or --force');
  }
  for (const removal of removals) {
    const failure = await removeMesh(api, removal, patience);
    if (failure !== undefined) throw new InputError(failure);
    io.out(`IstioOperator ${removal.owner.namespace}/${removal.owner.name} is gone, and what it installed\n`);
  }
}

const LAST_STEP =
  'when no IstioOperator is left, remove the operator as it was installed: kubectl delete -k config/default, or helm uninstall';

function plan({ stored, options }: World): { objects: KubeObject[]; istioNamespace: string } {
  if (!stored) throw new InputError('the IstioOperator is gone');
  const documents = [renderedPart(stored) as unknown as JsonObject];
  const renderWith = (answeredBy?: 'istiod'): Rendered => {
    const webhookEndpoint = { ...options.webhookEndpoint, ...(answeredBy ? { answeredBy } : {}) };
    const result = render({ documents }, { ...options, webhookEndpoint });
    if (!result.ok)
      throw new InputError(`the IstioOperator cannot be rendered: ${result.problems.map(formatProblem).join('; ')}`);
    return result.value;
  };
  const now = renderWith();
  return { objects: planLeaving(now, renderWith('istiod')), istioNamespace: now.istioNamespace };
}

function describe({ namespace, name }: Owner, objects: readonly KubeObject[]): string {
  const lines = objects.map((object) => `  change  ${displayName(refOf(object))}`);
  return [
    `IstioOperator ${namespace}/${name}:`,
    ...lines,
    `  delete  IstioOperator ${namespace}/${name}, and nothing that it installed`,
    '',
  ].join('\n');
}
