import { setTimeout as pause } from 'node:timers/promises';
import { CLI_MANAGER } from '../../api/our-names.ts';
import { refOf, type KubeObject } from '../../core/kube-object.ts';
import { targetOf } from '../../core/plan/former-target.ts';
import { isOwnedBy } from '../../core/plan/owner-labels.ts';
import { INJECTOR_KIND } from '../../core/webhook-configuration.ts';
import { ApiError } from '../../kube/errors.ts';
import type { KubeApi } from '../../kube/kube-api.ts';
import type { Call } from '../shell/command.ts';
import { InputError } from '../shell/input-error.ts';
import { report, type Io } from '../shell/io.ts';
import { UsageError } from '../shell/usage-error.ts';
import { withCluster } from '../shell/with-cluster.ts';
import type { TAG_CHANGE_OPTIONS, TAG_SET_OPTIONS } from './options.ts';
import {
  nameOf,
  planTagMove,
  planTagRemoval,
  planTagRollback,
  type TagPlan,
  type TagStep,
  type TagWorld,
} from '../../core/plan/tag-change.ts';
import { adviseTagMove, findTagFollowers } from '../../core/plan/tag-followers.ts';
import { fetchFollowerWorld, fetchTagWorld } from './tag-world.ts';

/** How long the operator is given to move the webhooks. */
const PATIENCE_MS = 60_000;
const LOOK_EVERY_MS = 250;

type Flags = Call<typeof TAG_CHANGE_OPTIONS>['flags'];

/** `sailwright tag set`: the exit code. @throws UsageError, InputError */
export function runTagSet({ flags, operands }: Call<typeof TAG_SET_OPTIONS>, io: Io): Promise<number> {
  const tag = tagIn(operands);
  const { revision } = flags;
  if (revision === undefined)
    throw new UsageError('which revision the tag is to lead to is missing: --revision REVISION');
  return change(io, flags, { tag, plan: (world) => planTagMove(world, tag, revision) });
}

/** `sailwright tag rollback`: the exit code. @throws UsageError, InputError */
export function runTagRollback({ flags, operands }: Call<typeof TAG_CHANGE_OPTIONS>, io: Io): Promise<number> {
  const tag = tagIn(operands);
  return change(io, flags, { tag, plan: (world) => planTagRollback(world, tag) });
}

/** `sailwright tag remove`: the exit code. @throws UsageError, InputError */
export function runTagRemove({ flags, operands }: Call<typeof TAG_CHANGE_OPTIONS>, io: Io): Promise<number> {
  const tag = tagIn(operands);
  return change(io, flags, { tag, plan: (world) => planTagRemoval(world, tag) });
}

function tagIn([tag, ...more]: readonly string[]): string {
  if (tag === undefined || more.length > 0) throw new UsageError('name one tag');
  return tag;
}

/** What to do with a tag. */
interface TagChange {
  tag: string;
  plan: (world: TagWorld) => TagPlan;
}

function change(io: Io, flags: Flags, asked: TagChange): Promise<number> {
  return withCluster(flags, (api) => changeTag({ api, io, flags }, asked));
}

/** Plans, tells and does it, and waits for the operator: the exit code. @throws InputError, ApiError */
export async function changeTag(
  { api, io, flags }: { api: KubeApi; io: Io; flags: Pick<Flags, 'dryRun' | 'force'> },
  { tag, plan }: TagChange,
): Promise<number> {
  const world = await fetchTagWorld(api);
  const planned = plan(world);
  if ('problem' in planned) throw new InputError(planned.problem);
  if (planned.steps.length === 0) {
    io.out(`tag ${tag} is as it should be\n`);
    return 0;
  }
  io.out(planned.steps.map(describeStep).join(''));
  if (planned.steps.some(({ after }) => after.includes(tag))) {
    const followers = findTagFollowers(await fetchFollowerWorld(api, world), tag);
    report(io, { warnings: adviseTagMove(followers, tag) });
  }
  const kept = planned.steps.filter(({ keeper }) => keeper !== undefined);
  if (kept.length > 0 && !flags.force) {
    const who = kept.map(({ resource, keeper }) => `${nameOf(resource)} ("${keeper}")`).join(', ');
    throw new InputError(
      `nothing was changed, because a tool would put it back: ${who}; change the source, or --force`,
    );
  }
  if (flags.dryRun) return 0;
  for (const step of planned.steps) await apply(api, step);
  return waitForMove(api, tag, planned.steps, io);
}

function describeStep({ resource, before, after }: TagStep): string {
  const list = (tags: readonly string[]): string => `[${tags.join(', ')}]`;
  return `IstioOperator ${nameOf(resource)}: spec.values.revisionTags ${list(before)} -> ${list(after)}\n`;
}

/** Tries for a resource whose status the operator writes at the same moment: it does as soon as a tag is given. */
const MOST_TRIES = 5;

/** @throws InputError when the spec has changed since it was read, or the API server refuses */
async function apply(api: KubeApi, { resource, after }: TagStep): Promise<void> {
  let current: KubeObject = resource;
  for (let tries = 1; ; tries += 1) {
    const { resourceVersion } = current.metadata;
    const patch = { metadata: { resourceVersion }, spec: { values: { revisionTags: after } } };
    try {
      await api.patch(refOf(resource), patch, { type: 'merge', fieldManager: CLI_MANAGER });
      return;
    } catch (error) {
      if (!(error instanceof ApiError)) throw error;
      const latest = error.status === 409 && tries < MOST_TRIES ? await api.get(refOf(resource)) : undefined;
      if (latest === undefined || latest.metadata.generation !== resource.metadata.generation) {
        throw new InputError(`IstioOperator ${nameOf(resource)} was not changed: ${error.message}`);
      }
      current = latest;
    }
  }
}

/** The operator moves the webhooks in its own time, and says on the resource when it cannot. */
async function waitForMove(api: KubeApi, tag: string, steps: readonly TagStep[], io: Io): Promise<number> {
  const gaining = steps.find(({ after }) => after.includes(tag));
  if (!gaining) return 0;
  const { name, namespace = '' } = gaining.resource.metadata;
  for (const end = Date.now() + PATIENCE_MS; Date.now() < end; await pause(LOOK_EVERY_MS)) {
    const { items } = await api.list(INJECTOR_KIND);
    const found = items.find((object) => targetOf(object)?.tag === tag && isOwnedBy(object, { name, namespace }));
    const target = found && targetOf(found);
    if (!target) continue;
    io.out(`tag ${tag} leads to ${target.revision}\n`);
    return 0;
  }
  report(io, {
    problems: [
      `tag ${tag} was not moved within ${PATIENCE_MS / 1_000} s: look at the status of IstioOperator ${nameOf(gaining.resource)}`,
    ],
  });
  return 1;
}
