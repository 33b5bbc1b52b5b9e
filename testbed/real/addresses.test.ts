import { describe, expect, it } from 'vitest';

import { MOST_NODES, planFabric, planNode } from './addresses.ts';

const numbers = Array.from({ length: MOST_NODES }, (_, index) => index + 1);

describe('the network of a cluster', () => {
  it('has a way to the pods of every node, from the control plane and from every other node', () => {
    for (const number of numbers) {
      const others = numbers.filter((other) => other !== number);
      const pods = planNode(number, MOST_NODES).routes.filter(({ to }) => to.startsWith('10.244.'));
      expect(pods).toEqual(others.map((other) => ({ to: `10.244.${other}.0/24`, via: `10.10.0.${10 + other}` })));
    }
    expect(planFabric(MOST_NODES).routes).toEqual(
      expect.arrayContaining(numbers.map((one) => ({ to: `10.244.${one}.0/24`, via: `10.10.0.${10 + one}` }))),
    );
  });

  it('gives everybody an address of its own', () => {
    const plans = [planFabric(MOST_NODES), ...numbers.map((number) => planNode(number, MOST_NODES))];
    expect(new Set(plans.map(({ address }) => address)).size).toBe(MOST_NODES + 1);
  });

  it('has no way to anywhere else', () => {
    const plans = [planFabric(MOST_NODES), ...numbers.map((number) => planNode(number, MOST_NODES))];
    const targets = plans.flatMap(({ routes }) => routes.map(({ to }) => to));
    expect(targets.filter((to) => !/^10\.(244\.\d+\.0\/24|96\.0\.0\/16|97\.0\.0\/24)$/.test(to))).toEqual([]);
  });
});
