import { describe, expect, it } from 'vitest';
import type { JsonObject } from '../../src/core/kube-object.ts';
import { computePatch } from '../../src/core/inject/compute-patch.ts';
import { inject } from '../../src/core/inject/inject.ts';
import { compileInjectionConfig } from '../../src/core/inject/compile-injection-config.ts';
import { readControlPlaneConfig } from '../../src/core/inject/control-plane-config.ts';
import type { Pod } from '../../src/core/inject/template-context.ts';
import { render } from '../../src/core/render/render.ts';
import { decideAdmission } from '../../src/core/validate/decide-admission.ts';
import { MAX_WORK, estimateWork } from '../../src/core/validate/estimate-work.ts';
import { ATTACKS, type Attack } from '../builders/attacks.ts';
import { controlPlaneObjects } from '../builders/control-plane.ts';
import { countWork } from '../builders/count-work.ts';

const DEFAULTS = { hub: 'registry.istio.io/release', tag: '1.31.4' };

const INJECTION = compileInjectionConfig(readControlPlaneConfig(controlPlaneObjects()));

/** Counting slows all down. */
const LONG = 120_000;

/** The text of the first error, if there is one. */
function judge({ path }: Attack, object: JsonObject): string | undefined {
  if (path === '/inject') return injectAndPatch(object);
  if (path === '/validate') return decideAdmission(object)?.errors[0]?.code;
  const result = render({ documents: [object] }, { form: 'sailwright', defaults: DEFAULTS });
  return result.ok ? undefined : result.problems[0]?.message;
}

function injectAndPatch(object: JsonObject): string | undefined {
  const pod = object as unknown as Pod;
  const result = inject({ pod, namespace: 'default' }, INJECTION);
  if (result.outcome === 'denied') return result.message;
  if (result.outcome === 'injected') computePatch(object, result.pod as unknown as JsonObject);
  return undefined;
}

describe('a resource made to take long', () => {
  it.each(ATTACKS.map((attack) => [attack.name, attack] as const))(
    'costs in proportion to its size: %s',
    (_name, attack) => {
      const small = Math.ceil(Math.min(attack.size / 8, 500));
      const [one, four] = [attack.build(small), attack.build(4 * small)];
      // Tables are made and code is loaded once.
      judge(attack, four);
      const before = countWork(() => judge(attack, one));
      const after = countWork(() => judge(attack, four));
      // Four, and something for sorting; what is quadratic has sixteen.
      expect(after / before).toBeLessThan(6);
    },
    LONG,
  );

  it.each(ATTACKS.filter(({ path }) => path === '/validate').map((attack) => [attack.name, attack] as const))(
    'is refused as a whole, with the field that is too large: %s',
    (_name, attack) => {
      const { units } = estimateWork(attack.build(200));
      const object = attack.build(Math.ceil((1.1 * 200 * MAX_WORK) / units));
      const decision = decideAdmission(object);
      expect(decision?.errors.map(({ code }) => code)).toEqual(['TooMuchWork']);
      expect(decision?.errors[0]?.path).toMatch(/^spec\.[a-zA-Z]+/);
      expect(decision?.errors[0]?.message).toContain('split the resource');
    },
    LONG,
  );
});
