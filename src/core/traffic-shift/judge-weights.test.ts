import { describe, expect, it } from 'vitest';
import type { StepPhase } from '../steps/step-plan.ts';
import { isBack, judgeWeights, levelOf, type WeightsView } from './judge-weights.ts';
import type { WeightPair } from './weights.ts';

function view(live: WeightPair, more: Partial<WeightsView> = {}): WeightsView {
  const destinations = [
    { name: 'v1', weight: live[0] },
    { name: 'v2', weight: live[1] },
  ] as const;
  return {
    plan: { weights: [5, 50, 100] },
    route: { kind: 'VirtualService', rules: [], rule: 0, destinations, to: 1 },
    live,
    before: [100, 0],
    owner: { manager: 'kubectl', since: undefined },
    ...more,
  };
}

describe('the weights', () => {
  it.each<[string, WeightPair, StepPhase, number, 'good' | 'unknown']>([
    ['before the first step', [100, 0], 'Waiting', 0, 'good'],
    ['about to be set', [100, 0], 'Acting', 0, 'good'],
    ['set a moment ago', [95, 5], 'Acting', 0, 'good'],
    ['watched', [95, 5], 'Soaking', 0, 'good'],
    ['between two steps', [95, 5], 'Waiting', 1, 'good'],
    ['set back by somebody', [100, 0], 'Soaking', 0, 'unknown'],
    ['set back by somebody between two steps', [100, 0], 'Waiting', 1, 'unknown'],
    ['ahead of the shift', [50, 50], 'Soaking', 0, 'unknown'],
    ['of the right share, but not those of the shift', [190, 10], 'Soaking', 0, 'unknown'],
  ])('%s', (_, live, phase, step, result) => {
    expect(judgeWeights(view(live), { phase, step }).result).toBe(result);
  });

  it('of somebody else are told with who set them, and what to tell a tool', () => {
    const owner = { manager: 'argocd-controller', since: undefined, advice: 'tell Argo CD' };
    const { text } = judgeWeights(view([100, 0], { owner }), { phase: 'Soaking', step: 1 });
    expect(text).toBe(
      'argocd-controller set them to 100/0, and the shift to 50/50: set them so, or end the shift; tell Argo CD',
    );
  });

  it('of who owns them by right are not touched', () => {
    const owner = { manager: 'flagger', since: undefined, refusal: 'Flagger writes them' };
    expect(judgeWeights(view([95, 5], { owner }), { phase: 'Soaking', step: 0 })).toMatchObject({
      result: 'unknown',
      text: 'Flagger writes them',
    });
  });
});

it('a step below what there was has the weights of before', () => {
  const started = view([40, 60], { before: [40, 60] });
  expect(levelOf(started, 0)).toEqual([40, 60]);
  expect(levelOf(started, 2)).toEqual([0, 100]);
});

describe('the way back', () => {
  it.each<[string, WeightPair, boolean]>([
    ['is not over at the weights of a step', [50, 50], false],
    ['is over at those of before', [100, 0], true],
    ['leaves what somebody else set', [30, 70], true],
  ])('%s', (_, live, expected) => {
    expect(isBack(view(live))).toBe(expected);
  });

  it('restores a weight that was not set', () => {
    expect(isBack(view([100, 0], { before: [100, undefined], plan: { weights: [100] } }))).toBe(true);
    expect(isBack(view([0, 100], { before: [100, undefined] }))).toBe(false);
  });
});
