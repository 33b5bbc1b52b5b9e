import { Counter, Gauge, Registry } from 'prom-client';
import { expect, it } from 'vitest';
import { encodeMetrics } from './encode-metrics.ts';

it('gives the text that the registry would', async () => {
  const registry = new Registry();
  new Gauge({ name: 'some', help: 'Some.', labelNames: ['kind'], registers: [registry] }).set({ kind: 'a' }, 1);
  new Counter({ name: 'more_total', help: 'More.', registers: [registry] }).inc(2);
  expect(await encodeMetrics(registry)).toBe(await registry.metrics());
});

it('lets the event loop come round where that takes long', async () => {
  const turns: number[] = [];
  let [time, turn, isDone] = [0, 0, false];
  const nextTurn = (): void => {
    turn += 1;
    if (!isDone) setImmediate(nextTurn);
  };
  setImmediate(nextTurn);
  const source = {
    getMetricsAsArray: () => ['a', 'b', 'c', 'd', 'e'].map((name) => ({ name })),
    getSingleMetricAsString: (name: string) => {
      time += 3;
      turns.push(turn);
      return Promise.resolve(name);
    },
  };
  expect(await encodeMetrics(source, () => time)).toBe('a\n\nb\n\nc\n\nd\n\ne\n');
  isDone = true;
  const [first = 0] = turns;
  expect(turns.map((each) => each - first)).toEqual([0, 0, 1, 1, 2]);
});
