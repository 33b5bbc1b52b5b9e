import { PROXY_ROLLOUT } from '../../api/rollout/proxy-rollout.ts';
import { readRollout } from '../../core/proxy-rollout/read-rollout.ts';
import { describeRollout } from '../../core/report/changes.ts';
import type { RolloutRow } from '../../core/report/mesh-report.ts';
import type { StagedKind } from '../staged/staged-kind.ts';
import type { StagedColumns } from '../staged/staged-text.ts';
import { statusRunner } from '../staged/staged-view.ts';
import { ABORT, APPROVE, PAUSE, RESUME, wordRunner } from '../staged/staged-words.ts';

/** ProxyRollouts as the commands see them. */
export const ROLLOUT_KIND: StagedKind<RolloutRow> = {
  describe: describeRollout,
  apiVersion: PROXY_ROLLOUT.apiVersion,
  kind: PROXY_ROLLOUT.kind,
  stepsOf: ({ spec }) => {
    const read = readRollout(spec, { mayReachOut: true, mayQuery: true });
    return read.ok ? read.plan.waves.map(({ name }) => name) : [];
  },
  afterAbort: (rollout) => {
    const { previous, tag } = describeRollout(rollout).target ?? {};
    return previous === undefined ? 'ends where it is' : `ends, and tag ${tag} goes back to ${previous}`;
  },
};

export const ROLLOUT_COLUMNS: StagedColumns<RolloutRow> = {
  title: 'PROXYROLLOUT',
  step: 'WAVE',
  command: 'sailwright rollout',
  more: [
    ['RENEWED', renewedText],
    ['STALE', countOf('stale')],
    ['GOING', countOf('underWay')],
    ['BLOCKED', countOf('blocked')],
  ],
  tables: ({ underWay, blocked }) => [
    { head: ['UNDER WAY'], rows: underWay.map((each) => [workloadName(each)]) },
    {
      head: ['BLOCKED', 'REASON', 'WHY'],
      rows: blocked.map((each) => [workloadName(each), each.reason, each.message]),
    },
  ],
  notes: ({ counts, blocked }) => {
    const rest = (counts?.blocked ?? 0) - blocked.length;
    return rest > 0 ? [`${rest} more are blocked: sailwright proxies tells of every workload`] : [];
  },
};

function renewedText({ counts }: RolloutRow): string {
  return counts ? `${counts.renewed} of ${counts.workloads}` : '';
}

function countOf(name: 'stale' | 'underWay' | 'blocked'): (row: RolloutRow) => string {
  return ({ counts }) => String(counts?.[name] ?? '');
}

function workloadName({ kind, namespace, name }: RolloutRow['underWay'][number]): string {
  return `${kind} ${namespace}/${name}`;
}

export const runRolloutStatus = statusRunner(ROLLOUT_KIND, ROLLOUT_COLUMNS);
export const runRolloutPause = wordRunner(ROLLOUT_KIND, PAUSE);
export const runRolloutResume = wordRunner(ROLLOUT_KIND, RESUME);
export const runRolloutApprove = wordRunner(ROLLOUT_KIND, APPROVE);
export const runRolloutAbort = wordRunner(ROLLOUT_KIND, ABORT);
