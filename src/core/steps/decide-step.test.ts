import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { beginSteps, decideStep, isEnded } from './decide-step.ts';
import type { GateVerdict, StepAct, StepObservation, StepPlan, StepProgress } from './step-plan.ts';

const PLAN: StepPlan = {
  steps: [
    { name: 'first', soakMs: 60_000, needsApproval: false },
    { name: 'rest', soakMs: 0, needsApproval: true },
  ],
  onFailure: 'Pause',
  hasWayBack: true,
  patienceMs: 120_000,
};
const SEEN: StepObservation = {
  now: 0,
  isReached: false,
  isEmpty: false,
  gates: [],
  isSuspended: false,
  approved: [],
  isAborted: false,
  isBack: false,
};
const gate = (result: GateVerdict['result']): GateVerdict => ({ name: 'errors', result, text: 'so it is' });
const at = (phase: StepProgress['phase'], more: Partial<StepProgress> = {}): StepProgress => ({
  phase,
  step: 0,
  since: 0,
  startedAt: 0,
  ...more,
});

describe('one look', () => {
  it.each<[string, Partial<StepPlan>, StepProgress, Partial<StepObservation>, StepProgress['phase'], string]>([
    ['a plan begins with its first step', {}, beginSteps(0), {}, 'Acting', 'do 0'],
    ['what is under way goes on', {}, at('Acting'), {}, 'Acting', 'do 0'],
    ['what is reached is watched', {}, at('Acting'), { isReached: true }, 'Soaking', 'wait Soaking'],
    ['it is watched to the end', {}, at('Soaking'), { isReached: true, now: 59_999 }, 'Soaking', 'wait Soaking'],
    ['then comes the next', {}, at('Soaking'), { isReached: true, now: 60_000 }, 'Waiting', 'wait NextStep'],
    ['what is lost again is done again', {}, at('Soaking'), { now: 60_000 }, 'Acting', 'do 0'],
    ['a step waits for a person', {}, at('Waiting', { step: 1 }), {}, 'Waiting', 'wait ApprovalRequired'],
    [
      'of another step is not of this',
      {},
      at('Waiting', { step: 1 }),
      { approved: ['first'] },
      'Waiting',
      'wait ApprovalRequired',
    ],
    ['an approved step begins', {}, at('Waiting', { step: 1 }), { approved: ['rest'] }, 'Acting', 'do 1'],
    [
      'a step with nothing to do needs no person',
      {},
      at('Waiting', { step: 1 }),
      { isEmpty: true },
      'Waiting',
      'wait NextStep',
    ],
    ['a step waits for its window', {}, beginSteps(0), { closedUntil: 5 }, 'Waiting', 'wait WindowClosed'],
    ['a window that opens now is open', {}, beginSteps(0), { closedUntil: 5, now: 5 }, 'Acting', 'do 0'],
    ['a step that is under way does not wait for a window', {}, at('Acting'), { closedUntil: 5 }, 'Acting', 'do 0'],
    [
      'an obstacle keeps it from beginning',
      {},
      beginSteps(0),
      { obstacle: 'istiod is not ready' },
      'Waiting',
      'wait NotReady',
    ],
    [
      'a gate that is bad before anything was done, too',
      {},
      beginSteps(0),
      { gates: [gate('bad')] },
      'Waiting',
      'wait NotReady',
    ],
    ['and one that cannot be judged', {}, beginSteps(0), { gates: [gate('unknown')] }, 'Waiting', 'wait NotReady'],
    ['suspended, nothing begins', {}, beginSteps(0), { isSuspended: true }, 'Waiting', 'wait Suspended'],
    ['suspended, nothing more is done', {}, at('Acting'), { isSuspended: true }, 'Acting', 'wait Suspended'],
    ['suspended, the way back waits', {}, at('RollingBack'), { isSuspended: true }, 'RollingBack', 'wait Suspended'],
    ['a bad gate pauses', {}, at('Acting'), { gates: [gate('bad')] }, 'Paused', 'pause'],
    ['also while it is watched', {}, at('Soaking'), { isReached: true, gates: [gate('bad')] }, 'Paused', 'pause'],
    [
      'also before the next step',
      {},
      at('Waiting', { step: 1 }),
      { approved: ['rest'], gates: [gate('bad')] },
      'Paused',
      'pause',
    ],
    ['or goes back', { onFailure: 'Rollback' }, at('Acting'), { gates: [gate('bad')] }, 'RollingBack', 'rollBack'],
    [
      'without a way back it pauses',
      { onFailure: 'Rollback', hasWayBack: false },
      at('Acting'),
      { gates: [gate('bad')] },
      'Paused',
      'pause',
    ],
    [
      'a gate that cannot be judged holds',
      {},
      at('Acting'),
      { gates: [gate('unknown')] },
      'Acting',
      'wait GateUnknown',
    ],
    [
      'and pauses when patience ends',
      {},
      at('Acting', { doubtSince: 0 }),
      { now: 120_000, gates: [gate('unknown')] },
      'Paused',
      'pause',
    ],
    [
      'which is no reason to go back',
      { onFailure: 'Rollback' },
      at('Acting', { doubtSince: 0 }),
      { now: 120_000, gates: [gate('unknown')] },
      'Paused',
      'pause',
    ],
    ['a silent gate holds nothing back', {}, at('Acting'), { gates: [gate('silent')] }, 'Acting', 'do 0'],
    ['after the deadline it pauses', { deadlineMs: 10 }, at('Acting'), { now: 11 }, 'Paused', 'pause'],
    [
      'or goes back, too',
      { deadlineMs: 10, onFailure: 'Rollback' },
      at('Acting'),
      { now: 11 },
      'RollingBack',
      'rollBack',
    ],
    ['a deadline does not run before the first step', { deadlineMs: 10 }, beginSteps(0), { now: 11 }, 'Acting', 'do 0'],
    ['a pause stays', {}, at('Paused', { resumed: 'a' }), { resume: 'a' }, 'Paused', 'pause'],
    ['until a person says so', {}, at('Paused', { resumed: 'a' }), { resume: 'b' }, 'Acting', 'do 0'],
    [
      'a pause before approval still needs it',
      {},
      at('Paused', { step: 1 }),
      { resume: 'b' },
      'Waiting',
      'wait ApprovalRequired',
    ],
    [
      'who goes on while the gate is bad is paused again',
      {},
      at('Paused'),
      { resume: 'b', gates: [gate('bad')] },
      'Paused',
      'pause',
    ],
    ['a person ends it', {}, at('Acting'), { isAborted: true }, 'RollingBack', 'rollBack'],
    ['also while it is paused', {}, at('Paused'), { isAborted: true }, 'RollingBack', 'rollBack'],
    [
      'before anything was done there is nothing to go back from',
      {},
      beginSteps(0),
      { isAborted: true },
      'Aborted',
      'end',
    ],
    ['nor where there is no way back', { hasWayBack: false }, at('Acting'), { isAborted: true }, 'Aborted', 'end'],
    ['the way back goes on', {}, at('RollingBack'), { gates: [gate('bad')] }, 'RollingBack', 'rollBack'],
    ['until all is back', {}, at('RollingBack'), { isBack: true }, 'RolledBack', 'end'],
    ['the last step was done', {}, at('Waiting', { step: 2 }), {}, 'Done', 'end'],
    ['and then nothing happens any more', {}, at('Done', { step: 2 }), { isAborted: true }, 'Done', 'end'],
  ])('%s', (_, plan, progress, seen, phase, act) => {
    const decision = decideStep({ ...PLAN, ...plan }, progress, { ...SEEN, ...seen });
    const told = decision.act;
    const detail = told.kind === 'do' ? ` ${told.step}` : told.kind === 'wait' ? ` ${told.reason}` : '';
    expect([decision.progress.phase, `${told.kind}${detail}`]).toEqual([phase, act]);
  });

  it('says why it is paused, and hears a word to go on once although it was said before the pause', () => {
    const heard = decideStep(PLAN, at('Acting'), { ...SEEN, resume: 'b' }).progress;
    const paused = decideStep(PLAN, heard, { ...SEEN, resume: 'b', gates: [gate('bad')] }).progress;
    expect(paused).toMatchObject({ phase: 'Paused', cause: { reason: 'GateFailed', text: 'errors: so it is' } });
    expect(decideStep(PLAN, paused, { ...SEEN, resume: 'b' }).progress).toEqual(paused);
  });
});

/** What happens between and during looks. */
interface Turn {
  gate: GateVerdict['result'];
  ms: number;
  isSuspended: boolean;
  isApproved: boolean;
  isResumed: boolean;
  /** `store`: it dies before its progress is stored; `act`: after that, before the act. */
  crash: 'none' | 'store' | 'act';
}

const turn = fc.record<Turn>({
  gate: fc.constantFrom('good', 'good', 'good', 'silent', 'unknown', 'bad'),
  ms: fc.integer({ min: 0, max: 90_000 }),
  isSuspended: fc.boolean(),
  isApproved: fc.boolean(),
  isResumed: fc.boolean(),
  crash: fc.constantFrom('none', 'none', 'store', 'act'),
});
const plan = fc.record<StepPlan>({
  steps: fc.array(
    fc.record({
      name: fc.constantFrom('a', 'b', 'c'),
      soakMs: fc.integer({ min: 0, max: 60_000 }),
      needsApproval: fc.boolean(),
    }),
    { maxLength: 5 },
  ),
  onFailure: fc.constantFrom('Pause', 'Rollback'),
  hasWayBack: fc.boolean(),
  patienceMs: fc.integer({ min: 0, max: 100_000 }),
});
const RUNS = { numRuns: 2_000 };
/** Of each step; a step is begun with the first. */
const UNITS = 3;

/** A world in which each act does one unit of work, and all else is as the turns say. */
class World {
  now = 0;
  resumes = 0;
  progress = beginSteps(0);
  readonly plan: StepPlan;
  readonly done: number[];
  /** Steps after whose end all gates were seen to hold. */
  readonly proven = new Set<number>();

  constructor(plan: StepPlan) {
    this.plan = plan;
    this.done = plan.steps.map(() => 0);
  }

  look({ gate: result, ms, isSuspended, isApproved, isResumed, crash }: Turn, isAborted = false): void {
    this.now += ms;
    if (isResumed) this.resumes += 1;
    const { step } = this.progress;
    const isReached = this.done[step] === UNITS;
    const { progress, act } = decideStep(this.plan, this.progress, {
      ...SEEN,
      now: this.now,
      isReached,
      gates: [gate(result)],
      isSuspended,
      approved: isApproved ? ['a', 'b', 'c'] : [],
      resume: String(this.resumes),
      isAborted,
      isBack: this.done.every((units) => units === 0),
    });
    const holds = result === 'good' || result === 'silent';
    if (isReached && holds) this.proven.add(step);
    if (act.kind === 'do') this.#expectFair(act.step, holds && !isSuspended);
    if (crash === 'store') return;
    this.progress = progress;
    if (crash === 'none') this.#carryOut(act);
  }

  #expectFair(step: number, mayAct: boolean): void {
    expect(mayAct, 'nothing is done through a gate that does not hold, nor while it is suspended').toBe(true);
    for (let earlier = 0; earlier < step; earlier += 1) {
      expect(this.done[earlier], 'the steps before are done').toBe(UNITS);
      expect(this.proven.has(earlier), 'and were proven').toBe(true);
    }
  }

  #carryOut(act: StepAct): void {
    if (act.kind === 'do') this.done[act.step] = Math.min((this.done[act.step] ?? 0) + 1, UNITS);
    if (act.kind === 'rollBack') this.done.fill(0);
  }

  get underWay(): number {
    return this.done.filter((units) => units > 0 && units < UNITS).length;
  }
}

const STEADY: Turn = { gate: 'good', ms: 60_000, isSuspended: false, isApproved: true, isResumed: true, crash: 'none' };

describe('whatever happens', () => {
  it('never are two steps under way, and never is one done through a gate that does not hold', () => {
    fc.assert(
      fc.property(plan, fc.array(turn, { maxLength: 60 }), (each, turns) => {
        const world = new World(each);
        for (const one of turns) {
          world.look(one);
          expect(world.underWay).toBeLessThanOrEqual(1);
        }
      }),
      RUNS,
    );
  });

  it('there is a way back until the end', () => {
    fc.assert(
      fc.property(plan, fc.array(turn, { maxLength: 40 }), (each, turns) => {
        const world = new World(each);
        for (const one of turns) world.look(one);
        if (isEnded(world.progress)) return;
        for (let looks = 0; looks < 3; looks += 1) world.look({ ...STEADY, gate: 'bad' }, true);
        const hasBegun = world.progress.startedAt !== undefined;
        expect(world.progress.phase).toBe(each.hasWayBack && hasBegun ? 'RolledBack' : 'Aborted');
        if (each.hasWayBack) expect(world.done.every((units) => units === 0)).toBe(true);
      }),
      RUNS,
    );
  });

  it('a plan comes to its end once all goes well, however it was interrupted', () => {
    fc.assert(
      fc.property(plan, fc.array(turn, { maxLength: 40 }), (each, turns) => {
        const world = new World({ ...each, onFailure: 'Pause' });
        for (const one of turns) world.look(one);
        for (let looks = 0; looks < 50 && !isEnded(world.progress); looks += 1) world.look(STEADY);
        expect(world.progress.phase).toBe('Done');
        expect(world.done.every((units) => units === UNITS)).toBe(true);
      }),
      RUNS,
    );
  });

  it('crashes change nothing about where it ends', () => {
    const crash = fc.constantFrom<Turn['crash']>('none', 'store', 'act');
    const badFrom = fc.integer({ min: 0, max: 6 });
    fc.assert(
      fc.property(plan, fc.array(crash, { maxLength: 80 }), badFrom, (each, crashes, bad) => {
        const run = (deaths: readonly Turn['crash'][]): World => {
          const world = new World(each);
          for (let look = 0; look < 160; look += 1) {
            const gateNow = world.progress.step >= bad && (world.done[bad] ?? 0) > 0 ? 'bad' : 'good';
            world.look({ ...STEADY, isResumed: false, gate: gateNow, crash: deaths[look] ?? 'none' });
          }
          return world;
        };
        const [calm, wild] = [run([]), run(crashes)];
        expect([wild.progress.phase, wild.progress.step, wild.done]).toEqual([
          calm.progress.phase,
          calm.progress.step,
          calm.done,
        ]);
      }),
      RUNS,
    );
  });
});
