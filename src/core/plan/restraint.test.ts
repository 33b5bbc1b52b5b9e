import { describe, expect, it } from 'vitest';
import { refOf, objectKey, type KubeObject } from '../kube-object.ts';
import type { DesiredObject } from './desired.ts';
import { emptyPlan, type Drift, type Plan } from './plan-objects.ts';
import { describeLeftDrift, describePaused, restrainPlan } from './restrain-plan.ts';
import { readRestraint, type Restraint } from './restraint.ts';

function desiredObject(kind: string, name: string, annotations?: Record<string, string>): DesiredObject {
  const metadata = { name, namespace: 'sys', ...(annotations ? { annotations } : {}) };
  const object: KubeObject = { apiVersion: 'v1', kind, metadata };
  const ref = refOf(object);
  const parts = { component: 'Pilot', instance: 'istiod', phase: 2, hash: 'h', createOnly: false } as const;
  return { key: objectKey(ref), ref, object, ...parts };
}

const map = desiredObject('ConfigMap', 'istio');
const service = desiredObject('Service', 'istiod');
const own = desiredObject('Service', 'own', { 'sailwright.dev/drift': 'ignore' });
const old = desiredObject('Service', 'old');
const ALL = [map, service, own];

const read = (annotations: Record<string, string>, desired = ALL): Restraint =>
  readRestraint({ metadata: { name: 'mesh', annotations } }, desired, [old.ref]);
const drift = (text: string): Restraint => read({ 'sailwright.dev/drift': text });
const pause = (text: string): Restraint => read({ 'sailwright.dev/pause': text });

describe('the annotation for drift', () => {
  it.each([
    ['nothing', '', ['correct', 'correct', 'ignore']],
    ['one word for all', 'warn', ['warn', 'warn', 'ignore']],
    ['one object', 'Service/sys/istiod=warn', ['correct', 'warn', 'ignore']],
    ['one object beside all', 'ignore, Service/sys/istiod=correct', ['ignore', 'correct', 'ignore']],
    ['an object that is rendered with another', 'Service/sys/own=correct', ['correct', 'correct', 'correct']],
  ])('with %s', (_what, text, modes) => {
    const { modeOf, unclear } = drift(text);
    expect(ALL.map(modeOf)).toEqual(modes);
    expect(unclear).toEqual([]);
  });

  it.each([
    ['an unknown word', 'wrn', 'says wrn'],
    ['a name without a word', 'Service/sys/istiod', 'says Service/sys/istiod'],
    ['an unknown word for a name', 'Service/sys/istiod=off', 'says Service/sys/istiod=off'],
    ['a word without its name', '=warn', 'says =warn'],
    ['a name that is not rendered', 'Service/istiod=warn', 'nothing of that name is rendered'],
    ['what is rendered no more', 'Service/sys/old=warn', 'nothing of that name is rendered'],
  ])('tells of %s and goes on as without it', (_what, text, message) => {
    const { modeOf, unclear } = drift(text);
    expect([map, service].map(modeOf)).toEqual(['correct', 'correct']);
    expect(unclear).toHaveLength(1);
    expect(unclear[0]).toContain(message);
  });

  it('on a rendered object tells of an unknown word too', () => {
    const bad = desiredObject('Service', 'bad', { 'sailwright.dev/drift': 'no' });
    const { modeOf, unclear } = read({}, [bad]);
    expect(modeOf(bad)).toBe('correct');
    expect(unclear[0]).toContain('Service/sys/bad=no');
  });
});

it('the annotation for a pause takes what is rendered or installed, and tells of the rest', () => {
  const { isPaused, unclear } = pause('Service/sys/istiod Service/sys/old,Service/sys/never');
  expect([service, old, map].map(({ ref }) => isPaused(ref))).toEqual([true, true, false]);
  expect(unclear).toHaveLength(1);
  expect(unclear[0]).toContain('says Service/sys/never,');
});

describe('a plan', () => {
  const DRIFT: Drift = { fields: ['.data.mesh'], managers: ['kubectl-edit'] };
  const step = (desired: DesiredObject, by?: Drift): Plan['apply'][number] => ({
    desired,
    object: desired.object,
    force: true,
    ...(by ? { drift: by } : {}),
  });
  const planOf = (parts: Partial<Plan>): Plan => ({ ...emptyPlan(), ...parts });
  const restrained = (parts: Partial<Plan>, restraint: Restraint, restored: DesiredObject[] = []): Plan =>
    restrainPlan(planOf(parts), restraint, ({ key }) => restored.some((desired) => desired.key === key));

  it.each(['warn', 'ignore'])('with drift "%s" repairs no change and no deletion', (mode) => {
    const plan = restrained({ apply: [step(map, DRIFT)], create: [service] }, drift(mode), [service]);
    expect([plan.apply, plan.create]).toEqual([[], []]);
    expect(plan.left.map(({ ref, why, withheld }) => [ref.name, why, withheld])).toEqual([
      ['istiod', mode, 'repair'],
      ['istio', mode, 'repair'],
    ]);
  });

  it('with drift "warn" tells who changed what; with "ignore" nothing', () => {
    const parts = { apply: [step(map, DRIFT)], create: [service] };
    const text = describeLeftDrift(restrained(parts, drift('warn'), [service]).left);
    expect(text).toContain('ConfigMap sys/istio: "kubectl-edit" changed .data.mesh');
    expect(text).toContain('Service sys/istiod: somebody deleted it');
    expect(describeLeftDrift(restrained(parts, drift('ignore'), [service]).left)).toBe('');
  });

  it('with any mode for drift writes what the resource itself changes', () => {
    const plan = restrained({ apply: [step(map)], create: [service] }, drift('ignore'));
    expect(plan.apply).toHaveLength(1);
    expect(plan.create).toEqual([service]);
    expect(plan.left).toEqual([]);
  });

  it('writes nothing at all to what is paused, and says what waits', () => {
    const prune = [{ key: old.key, ref: old.ref, uid: 'u', component: 'Pilot', object: old.object }];
    const everything = { apply: [step(map)], create: [service], unchanged: [own], prune };
    const names = [map, service, own, old].map(({ ref }) => `${ref.kind}/sys/${ref.name}`).join(',');
    const plan = restrained(everything, pause(names), [service]);
    expect([plan.apply, plan.create, plan.unchanged, plan.prune]).toEqual([[], [], [], []]);
    const text = describePaused(plan.left);
    for (const part of [
      'ConfigMap sys/istio (a change of it waits)',
      'Service sys/istiod (its repair waits)',
      'Service sys/own,',
      'Service sys/old (its removal waits)',
    ])
      expect(text).toContain(part);
  });

  it('that nobody restrains is as it was', () => {
    const plan = planOf({ apply: [step(map, DRIFT)], create: [service], unchanged: [] });
    expect(restrainPlan(plan, drift(''), () => true)).toEqual(plan);
    expect(describePaused([]) + describeLeftDrift([])).toBe('');
  });
});
