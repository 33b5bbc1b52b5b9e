import { isRelative, type MetricGate } from '../../core/staged/metric-gates.ts';
import { judgeQuery, type Measured } from '../../core/steps/judge-query.ts';
import type { GateVerdict } from '../../core/steps/step-plan.ts';
import type { Prometheus } from '../../prometheus/prometheus.ts';

const NOBODY: Measured = {
  failure: 'the operator knows no Prometheus: its option --prometheus-url names one',
};

/** Asks for all that the gates need. `startedAt`: when the first step began, before which is what is compared with. */
export async function measureGates(
  prometheus: Pick<Prometheus, 'measure'> | undefined,
  gates: readonly MetricGate[],
  startedAt: number | undefined,
): Promise<GateVerdict[]> {
  const measure = async (query: string, at?: number): Promise<Measured> =>
    prometheus ? prometheus.measure(query, at) : NOBODY;
  return Promise.all(
    gates.map(async (gate) => {
      const { name, bounds, query, traffic } = gate;
      const [now, seen, before] = await Promise.all([
        measure(query),
        traffic === undefined ? undefined : measure(traffic),
        isRelative(gate) && startedAt !== undefined ? measure(query, startedAt) : undefined,
      ]);
      const counted = seen && startedAt === undefined ? orNone(seen) : seen;
      return judgeQuery(name, bounds, { now, ...(counted ? { traffic: counted } : {}), ...(before ? { before } : {}) });
    }),
  );
}

/** Before the first step nothing need have come where it leads. */
function orNone(traffic: Measured): Measured {
  return 'value' in traffic && traffic.value === undefined ? { value: 0 } : traffic;
}
