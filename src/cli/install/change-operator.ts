import { refOf } from '../../core/kube-object.ts';
import type { KubeApi } from '../../kube/kube-api.ts';
import { VERSION } from '../../version.ts';
import { InputError } from '../shell/input-error.ts';
import type { FlagsOf } from '../shell/option.ts';
import { UsageError } from '../shell/usage-error.ts';
import { imageOf } from './apply-operator.ts';
import type { OPERATOR_CHANGE_OPTIONS } from './options.ts';
import { planObjects, type PlannedObject } from './plan-objects.ts';
import { findConfig, operatorObjects } from './read-config.ts';

/** How a command line wants the operator. */
export type OperatorFlags = FlagsOf<typeof OPERATOR_CHANGE_OPTIONS>;

/** What is used where no registry is named. */
const REPOSITORY = 'sailwright';

/** The time that each part is given. @throws UsageError */
export function timeoutOf({ timeout }: Pick<OperatorFlags, 'timeout'>): number {
  const seconds = Number(timeout);
  if (!(seconds > 0)) throw new UsageError(`--timeout takes a number of seconds, not "${timeout}"`);
  return seconds * 1000;
}

/** What applying the operator of this version would do. @throws InputError for a newer one in the cluster, ApiError */
export async function planOperator(api: KubeApi, flags: OperatorFlags): Promise<PlannedObject[]> {
  const config = findConfig();
  const deployment = operatorObjects(config, REPOSITORY).find(({ kind }) => kind === 'Deployment');
  const running = deployment && imageOf(await api.get(refOf(deployment)));
  refuseOlder(running, flags);
  const image = flags.image ?? sameRepository(running) ?? `${REPOSITORY}:${VERSION}`;
  return planObjects(api, operatorObjects(config, image), flags.force);
}

/** The image that runs, with the tag of this version: the registry is the owner's. */
function sameRepository(image: string | undefined): string | undefined {
  const [, repository, tag] = /^([^@]+?)(?::([^:/@]+))?(?:@.*)?$/.exec(image ?? '') ?? [];
  if (repository === undefined) return undefined;
  // One without a version is an image of the owner's, which is not ours to name.
  return tag !== undefined && /^\d+\.\d+\.\d+/.test(tag) ? `${repository}:${VERSION}` : image;
}

function refuseOlder(running: string | undefined, { force, image }: OperatorFlags): void {
  const tag = /:v?(\d+\.\d+\.\d+)[^:/]*$/.exec(running ?? '')?.[1];
  if (tag === undefined || force || image !== undefined || !isNewer(tag, VERSION)) return;
  throw new InputError(
    `the operator in the cluster is ${tag}, newer than this command line (${VERSION}): use that version, or --force to put the older one in its place`,
  );
}

/** Whether a version is above another one: numbers with dots. */
export function isNewer(version: string, other: string): boolean {
  const [a, b] = [version, other].map((text) => text.split(/[-+]/)[0]?.split('.').map(Number) ?? []);
  const at = a?.findIndex((number, index) => number !== b?.[index]) ?? -1;
  return at >= 0 && (a?.[at] ?? 0) > (b?.[at] ?? 0);
}

/** Of a plan, what is written. */
export function isChange({ change }: PlannedObject): boolean {
  return change !== 'same';
}
