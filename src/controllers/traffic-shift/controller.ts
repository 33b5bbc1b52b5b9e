import { TRAFFIC_SHIFT, type TrafficShiftStatus } from '../../api/shift/traffic-shift.ts';
import { StagedController, type StagedControllerOptions } from '../staged/staged-controller.ts';
import { reconcileShift } from './reconcile.ts';
import type { ShiftDependencies } from './shift-pass.ts';

export type TrafficShiftControllerOptions = ShiftDependencies &
  Pick<StagedControllerOptions, 'informers' | 'log' | 'metrics'>;

/** Carries out TrafficShifts, while this replica leads. */
export class TrafficShiftController extends StagedController<TrafficShiftStatus> {
  constructor(options: TrafficShiftControllerOptions) {
    const { apiVersion, kind } = TRAFFIC_SHIFT;
    super({
      ...options,
      name: 'traffic-shifts',
      kind: { apiVersion, kind },
      look: (shift) => reconcileShift({ deps: options, shift }),
    });
  }
}
