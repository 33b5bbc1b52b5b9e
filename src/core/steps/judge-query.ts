import type { GateVerdict } from './step-plan.ts';

/** What a number has to keep to. Each bound that is set counts. */
export interface QueryBounds {
  min?: number;
  max?: number;
  /** How far it may rise above what it was before the step, in percent of that. */
  maxIncreasePercent?: number;
  /** How far it may fall below what it was before the step, in percent of that. */
  maxDecreasePercent?: number;
  /** Requests in a second below which nothing is said. */
  minTraffic?: number;
}

/** What was measured, or why it was not. */
export type Measured = { value: number | undefined } | { failure: string };

/** All that was measured for a gate. */
export interface QuerySample {
  now: Measured;
  /** Before the step; undefined where it was not measured. */
  before?: Measured;
  /** Requests in a second; undefined where it was not measured. */
  traffic?: Measured;
}

/**
 * Judges a number that was asked for. An answer that did not come, and one that holds no number, is unknown, also of the
 * traffic: nobody can tell whether there is none, or whether it is asked for what is not there. Too little traffic, or
 * none before the step where the bound is relative to it, makes the gate silent.
 */
export function judgeQuery(name: string, bounds: QueryBounds, sample: QuerySample): GateVerdict {
  const unheard = findUnheard(bounds, sample);
  if (unheard) return { name, ...unheard };
  const value = numberOf(sample.now);
  if (value === undefined) return { name, result: 'unknown', text: 'the query has no value' };
  const before = numberOf(sample.before);
  const broken = findBroken(bounds, value, before);
  if (broken !== undefined) return { name, result: 'bad', text: broken };
  if (before === undefined && isRelativeOnly(bounds)) {
    return { name, result: 'silent', text: `${show(value)}; nothing was measured before the step to compare with` };
  }
  return { name, result: 'good', text: show(value) };
}

/** Why nothing can be said by what was measured, of the traffic above all. */
function findUnheard({ minTraffic }: QueryBounds, sample: QuerySample): Omit<GateVerdict, 'name'> | undefined {
  const failed = [sample.now, sample.traffic, sample.before].find((each) => each !== undefined && 'failure' in each);
  if (failed && 'failure' in failed) return { result: 'unknown', text: failed.failure };
  if (minTraffic === undefined) return undefined;
  if (sample.traffic === undefined) {
    return { result: 'silent', text: 'too little traffic to judge by: it was not measured' };
  }
  const traffic = numberOf(sample.traffic);
  if (traffic === undefined) {
    return { result: 'unknown', text: 'no traffic was counted yet: there is none, or the query asks for another' };
  }
  if (traffic >= minTraffic) return undefined;
  return { result: 'silent', text: `too little traffic to judge by: ${show(traffic)} a second` };
}

function findBroken(
  { min, max, maxIncreasePercent, maxDecreasePercent }: QueryBounds,
  value: number,
  before: number | undefined,
): string | undefined {
  if (min !== undefined && value < min) return `${show(value)} is below ${show(min)}`;
  if (max !== undefined && value > max) return `${show(value)} is above ${show(max)}`;
  if (before === undefined) return undefined;
  const change = `${show(value)} after ${show(before)} before the step`;
  const reach = Math.abs(before) / 100;
  if (maxIncreasePercent !== undefined && value - before > reach * maxIncreasePercent) {
    return `${change}: it may rise by ${maxIncreasePercent} %`;
  }
  if (maxDecreasePercent !== undefined && before - value > reach * maxDecreasePercent) {
    return `${change}: it may fall by ${maxDecreasePercent} %`;
  }
  return undefined;
}

function isRelativeOnly({ min, max }: QueryBounds): boolean {
  return min === undefined && max === undefined;
}

function numberOf(measured: Measured | undefined): number | undefined {
  const value = measured && 'value' in measured ? measured.value : undefined;
  return value !== undefined && Number.isFinite(value) ? value : undefined;
}

function show(value: number): string {
  return String(Number(value.toPrecision(4)));
}
