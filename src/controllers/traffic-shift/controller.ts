import { TRAFFIC_SHIFT, type TrafficShiftStatus } from '../../api/shift/traffic-shift.ts';
import { StagedController, type StagedControllerOptions } from '../staged/staged-controller.ts';
import { reconcileShift } from './reconcile.ts';
import type { ShiftDependencies } from './shift-pass.ts';

export type TrafficShiftControllerOptions = ShiftDependencies &
  Pick<StagedControllerOptions, 'informers' | 'log' | 'metrics'>;

/** Carries out TrafficShifts, while this replica leads. */
export class TrafficShiftController extends StagedController {
  constructor(options: TrafficShiftControllerOptions) {
    const { apiVersion, kind } = TRAFFIC_SHIFT;
    super({
      ...options,
      name: 'traffic-shifts',
      kind: { apiVersion, kind },
      look: (shift) => reconcileShift({ deps: options, shift }),
    });
  }

  /** The stored status of every shift; none while another replica leads. */
  listStatuses(): TrafficShiftStatus[] {
    return this.list().map(({ status }) => (status ?? {}) as TrafficShiftStatus);
  }
}
