import { computePlacements } from '../../core/authorize/placement.ts';
import { computeRequirements } from '../../core/authorize/required-rights.ts';
import type { Requirement } from '../../core/authorize/right.ts';
import { bareObject, type JsonObject, type KubeObject } from '../../core/kube-object.ts';
import { listNamespaces } from '../../core/plan/desired.ts';
import type { Result } from '../../core/problem.ts';
import { adviseAvailability } from '../../core/render/availability-advice.ts';
import type { Rendered } from '../../core/render/index.ts';
import type { Demands } from '../../kube/installation-policy.ts';
import { printDenial, printWarnings } from './print-findings.ts';

/** What is to be stored, and what is stored. */
export interface ChangePair {
  object: KubeObject;
  oldObject: KubeObject | undefined;
}

/**
 * All that checks need of what a change renders. It is made where it was rendered, which may be another thread: a
 * rendering itself is large.
 */
export type ChangeStudy =
  | { ok: false; verdict: 'Invalid' | 'InjectionBroken'; denial: string; warnings: string[] }
  | {
      ok: true;
      warnings: string[];
      demands: Demands;
      /** Namespaces that the stored resource has nothing in. */
      newNamespaces: string[];
      /** Of the author, namespaces apart. */
      requirements: Requirement[];
      /** What the resource will have, by name only. */
      objects: KubeObject[];
    };

/** Renders both sides of a change and notes what checks need. Who renders decides what it takes. */
export function studyChange(
  { object, oldObject }: ChangePair,
  render: (resource: KubeObject) => Result<Rendered>,
  operatorNamespace: string,
): ChangeStudy {
  const now = render(object);
  const advice = now.ok ? adviseAvailability(now.value) : [];
  const warnings = printWarnings([...now.warnings, ...advice]);
  if (!now.ok) {
    const verdict = now.problems.every(({ code }) => code === 'InjectionBroken') ? 'InjectionBroken' : 'Invalid';
    const denial = printDenial(object as unknown as JsonObject, now.problems);
    return { ok: false, verdict, denial, warnings };
  }
  const before = oldObject && render(oldObject);
  const had = before?.ok ? before.value : undefined;
  const known = new Set(had ? listNamespaces(had) : []);
  const wanted = objectsOf(now.value);
  const home = { namespace: object.metadata.namespace ?? '', operatorNamespace };
  return {
    ok: true,
    warnings,
    demands: { placements: computePlacements(now.value, home), reached: now.value.reached },
    newNamespaces: listNamespaces(now.value).filter((name) => !known.has(name)),
    requirements: computeRequirements({ wanted, had: had ? objectsOf(had) : [] }),
    objects: wanted.map(bareObject),
  };
}

function objectsOf({ components }: Rendered): KubeObject[] {
  return components.flatMap(({ objects }) => objects);
}
