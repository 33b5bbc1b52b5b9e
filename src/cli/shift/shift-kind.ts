import { TRAFFIC_SHIFT } from '../../api/shift/traffic-shift.ts';
import { describeShift } from '../../core/report/changes.ts';
import type { ShiftRow } from '../../core/report/mesh-report.ts';
import { readShift } from '../../core/traffic-shift/read-shift.ts';
import type { StagedKind } from '../staged/staged-kind.ts';
import type { StagedColumns } from '../staged/staged-text.ts';
import { statusRunner } from '../staged/staged-view.ts';
import { ABORT, APPROVE, PAUSE, RESUME, wordRunner } from '../staged/staged-words.ts';

/** TrafficShifts as the commands see them. */
export const SHIFT_KIND: StagedKind<ShiftRow> = {
  describe: describeShift,
  apiVersion: TRAFFIC_SHIFT.apiVersion,
  kind: TRAFFIC_SHIFT.kind,
  stepsOf: ({ spec, metadata }) => {
    const read = readShift(spec, { namespace: metadata.namespace ?? '', mayQuery: true });
    return read.ok ? read.plan.weights.map(String) : [];
  },
  afterAbort: () => 'ends, and the weights are set back to those of before',
};

export const SHIFT_COLUMNS: StagedColumns<ShiftRow> = {
  title: 'TRAFFICSHIFT',
  step: 'STEP',
  command: 'sailwright shift',
  more: [
    ['ROUTE', ({ route }: ShiftRow): string => route],
    ['WEIGHT', ({ weight }: ShiftRow): string => (weight === undefined ? '' : `${weight} %`)],
  ],
  notes: ({ owner }) =>
    owner
      ? [`the weights were written last by ${owner.manager}`, ...(owner.advice === undefined ? [] : [owner.advice])]
      : [],
};

export const runShiftStatus = statusRunner(SHIFT_KIND, SHIFT_COLUMNS);
export const runShiftPause = wordRunner(SHIFT_KIND, PAUSE);
export const runShiftResume = wordRunner(SHIFT_KIND, RESUME);
export const runShiftApprove = wordRunner(SHIFT_KIND, APPROVE);
export const runShiftAbort = wordRunner(SHIFT_KIND, ABORT);
