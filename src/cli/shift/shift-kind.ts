import { TRAFFIC_SHIFT, type TrafficShiftSpec, type TrafficShiftStatus } from '../../api/shift/traffic-shift.ts';
import type { KubeObject } from '../../core/kube-object.ts';
import { readShift } from '../../core/traffic-shift/read-shift.ts';
import type { StagedKind } from '../staged/staged-kind.ts';
import type { StagedColumns } from '../staged/staged-text.ts';
import { statusRunner } from '../staged/staged-view.ts';
import { ABORT, APPROVE, PAUSE, RESUME, wordRunner } from '../staged/staged-words.ts';

/** TrafficShifts as the commands see them. */
export const SHIFT_KIND: StagedKind = {
  apiVersion: TRAFFIC_SHIFT.apiVersion,
  kind: TRAFFIC_SHIFT.kind,
  stepsOf: ({ spec, metadata }) => {
    const read = readShift(spec, { namespace: metadata.namespace ?? '', mayQuery: true });
    return read.ok ? read.plan.weights.map(String) : [];
  },
  afterAbort: 'the weights are set back to those of before',
};

export const SHIFT_COLUMNS: StagedColumns = {
  title: 'TRAFFICSHIFT',
  command: 'sailwright shift',
  more: [
    ['ROUTE', routeText],
    ['WEIGHT', (shift: KubeObject): string => percent(statusOfShift(shift).weight)],
    ['STEP', stepText],
  ],
  notes: (shift) => {
    const { owner } = statusOfShift(shift);
    if (!owner) return [];
    return [`the weights were written last by ${owner.manager}`, ...(owner.advice === undefined ? [] : [owner.advice])];
  },
};

export const runShiftStatus = statusRunner(SHIFT_KIND, SHIFT_COLUMNS);
export const runShiftPause = wordRunner(SHIFT_KIND, PAUSE);
export const runShiftResume = wordRunner(SHIFT_KIND, RESUME);
export const runShiftApprove = wordRunner(SHIFT_KIND, APPROVE);
export const runShiftAbort = wordRunner(SHIFT_KIND, ABORT);

function statusOfShift({ status }: KubeObject): TrafficShiftStatus {
  return status ?? {};
}

function routeText({ spec }: KubeObject): string {
  const { route } = (spec ?? {}) as Partial<TrafficShiftSpec>;
  return route ? `${route.kind ?? 'VirtualService'}/${route.name}` : '';
}

/** `5 % (2 of 5)` */
function stepText(shift: KubeObject): string {
  const { target, step = 0, steps = 0 } = statusOfShift(shift);
  return target === undefined ? '' : `${percent(target)} (${Math.min(step + 1, steps)} of ${steps})`;
}

function percent(weight: number | undefined): string {
  return weight === undefined ? '' : `${weight} %`;
}
