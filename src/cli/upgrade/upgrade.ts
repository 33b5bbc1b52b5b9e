import { ISTIO_OPERATOR } from '../../api/install/istio-operator-kind.ts';
import { CLI_MANAGER, ROLL_BACK_ANNOTATION, VERSION_ANNOTATION } from '../../api/our-names.ts';
import type { IstioRelease } from '../../core/istio/release.ts';
import type { KubeObject } from '../../core/kube-object.ts';
import { ownerKey, type Owner } from '../../core/plan/owner-labels.ts';
import type { KubeApi } from '../../kube/kube-api.ts';
import { applyOperator } from '../install/apply-operator.ts';
import { isChange, planOperator, timeoutOf } from '../install/change-operator.ts';
import { followInstallation } from '../install/follow-installation.ts';
import { plannedText } from '../install/plan-objects.ts';
import { checkStep, checkText, isInTheWay, releaseAsked } from '../precheck/precheck.ts';
import type { Call } from '../shell/command.ts';
import { confirm } from '../shell/confirm.ts';
import { fetchIstioOperators } from '../shell/fetch-istio-operators.ts';
import { InputError } from '../shell/input-error.ts';
import type { Io } from '../shell/io.ts';
import { UsageError } from '../shell/usage-error.ts';
import { withCluster } from '../shell/with-cluster.ts';
import type { UPGRADE_OPTIONS } from './options.ts';

type Flags = Call<typeof UPGRADE_OPTIONS>['flags'];

/** An upgrade that a command line asks for. */
interface Upgrading {
  flags: Flags;
  io: Io;
  timeoutMs: number;
  /** Of an IstioOperator; undefined for all. */
  name: string | undefined;
  /** Undefined where the operator alone is upgraded. */
  to: IstioRelease | undefined;
}

/** `sailwright upgrade`: the exit code. @throws UsageError, InputError, ApiError */
export async function runUpgrade({ flags, operands }: Call<typeof UPGRADE_OPTIONS>, io: Io): Promise<number> {
  const [name] = operands;
  const to = releaseAsked('--istio-version', flags.istioVersion);
  if (name !== undefined && !to)
    throw new UsageError('a NAME goes with --istio-version: the operator is for all of them');
  const upgrading = { flags, io, timeoutMs: timeoutOf(flags), name, to };
  return withCluster(flags, (api) => upgrade(api, upgrading));
}

async function upgrade(api: KubeApi, upgrading: Upgrading): Promise<number> {
  const { flags, io, timeoutMs, to } = upgrading;
  const operator = await planOperator(api, flags);
  io.out(`the operator:\n${plannedText(operator)}`);
  const resources = to ? await checkMeshes(api, upgrading, to) : [];
  if (flags.dryRun) return 0;
  if (operator.some(isChange) || resources.length > 0) await confirm(io, flags.yes, 'Do it?');
  const onProgress = (text: string): void => io.err(`${text}\n`);
  await applyOperator(api, operator, { force: flags.force, patience: { timeoutMs, onProgress } });
  for (const owner of resources.map(ownerOf)) {
    io.err(`upgrading IstioOperator ${ownerKey(owner)} to ${to?.name}\n`);
    await setVersion(api, owner, flags.istioVersion ?? '');
    const failure = await followInstallation(api, owner, io, timeoutMs);
    if (failure !== undefined) throw new InputError(failure);
  }
  io.out(resources.length > 0 ? AFTER_MESHES : 'the operator is up to date\n');
  return 0;
}

const AFTER_MESHES =
  'the control planes are upgraded. Sidecars follow when their pods restart: sailwright proxies --stale names them\n';

/** Finds the meshes that are to go to another release; tells what speaks against it. @throws InputError */
async function checkMeshes(api: KubeApi, { flags, io, name }: Upgrading, to: IstioRelease): Promise<KubeObject[]> {
  const resources = await fetchIstioOperators(api, name, flags.namespace);
  if (resources.length === 0) {
    throw new InputError('the cluster has no such IstioOperator: look with kubectl get istiooperators -A');
  }
  const checks = [];
  for (const resource of resources) checks.push(await checkStep(api, resource, { from: undefined, to }));
  io.out(checks.map((check) => `\n${checkText(check)}`).join(''));
  if (!checks.some(({ findings }) => findings.some(isInTheWay))) return resources;
  throw new InputError('nothing was changed: something blocks the upgrade, as told above');
}

function ownerOf({ metadata }: KubeObject): Owner {
  return { name: metadata.name, namespace: metadata.namespace ?? '' };
}

/** One release is asked for: what asked for a way back counts no more. */
async function setVersion(api: KubeApi, owner: Owner, version: string): Promise<void> {
  const annotations = { [VERSION_ANNOTATION]: version, [ROLL_BACK_ANNOTATION]: null };
  await api.patch(
    { ...ISTIO_OPERATOR, ...owner },
    { metadata: { annotations } },
    { type: 'merge', fieldManager: CLI_MANAGER },
  );
}
