import { describeInjectorConflict } from '../../core/inject/injector-conflicts.ts';
import { findRelease } from '../../core/istio/find-release.ts';
import { installedRelease } from '../../core/istio/installed-release.ts';
import type { Observed, PlannedPass } from '../../core/plan/plan-pass.ts';
import { describeBlocked, precheck, skippedCodes } from '../../core/precheck/precheck.ts';
import type { Rendered } from '../../core/render/index.ts';
import type { PlanScope } from './dependencies.ts';
import { fetchPrecheckFacts } from './fetch-precheck-facts.ts';

/** Looks at the cluster before another minor is installed in place of the one that runs, and holds back what is unsafe. */
export async function precheckPass(
  scope: PlanScope,
  pass: PlannedPass,
  { rendered, live }: { rendered: Rendered; live: Observed['live'] },
): Promise<PlannedPass> {
  const from = installedRelease(scope.status);
  const to = findRelease(rendered.release);
  if (pass.hold || !from || from.version.minor === to.version.minor) return pass;
  const facts = {
    from,
    to,
    kubeVersion: scope.kubeVersion,
    variables: rendered.variables,
    // They are told by the webhook and the status whenever the resource is rendered.
    warnings: [],
    workloads: [...live.values()].flatMap((read) => (read.state === 'found' ? [read.object] : [])),
    conflicts: (pass.conflicts ?? []).map(describeInjectorConflict),
    ...(await fetchPrecheckFacts(scope.deps.api, { from, to, revision: rendered.revision || 'default' })),
  };
  const message = describeBlocked(precheck(facts), facts, skippedCodes(scope.resource));
  return message === undefined ? pass : { ...pass, hold: { reason: 'PrecheckFailed', message } };
}
