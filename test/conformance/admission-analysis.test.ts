// Analysis of one change finds what analysis of all finds about it.
import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { analyzeChange } from '../../src/core/analyze/admission/analyze-change.ts';
import { LOOKED_UP, reduceResource } from '../../src/core/analyze/admission/reduce-resource.ts';
import { analyzeWorld } from '../../src/core/analyze/analyze.ts';
import { ANALYZERS } from '../../src/core/analyze/analyzers/index.ts';
import { KIND, type Kind } from '../../src/core/analyze/kinds.ts';
import { levelOf, type Message } from '../../src/core/analyze/messages.ts';
import { fullName, type Resource } from '../../src/core/analyze/resource.ts';
import { MutableWorld } from '../../src/core/analyze/world.ts';
import { readCases, resourcesOf } from './analyze.ts';

const FOLDER = fileURLToPath(new URL('../../../shared/corpus/analyze', import.meta.url));
const present = existsSync(FOLDER);
if (!present) console.warn('conformance of analysis at admission: skipped, ../shared/corpus is absent');

const SURROUNDINGS = { now: 0, readCertificate: () => undefined };
const AT_ADMISSION = ANALYZERS.filter(({ atAdmission }) => atAdmission !== undefined);

/** The last of each name, as a cluster holds them, and no Pods: admission does not watch them. */
function clusterOf(resources: readonly Resource[]): Resource[] {
  const byName = new Map(resources.map((resource) => [`${resource.kind} ${fullName(resource)}`, resource]));
  return [...byName.values()].filter(({ kind }) => kind !== KIND.pod);
}

function held(resources: readonly Resource[]): Resource[] {
  const lookedUp = resources.filter(({ kind }) => LOOKED_UP.includes(kind)).map(reduceResource);
  return [...lookedUp, ...resources.filter(({ kind }) => kind === KIND.meshConfig)];
}

function judges(kind: Kind): boolean {
  return AT_ADMISSION.some(({ atAdmission }) => atAdmission?.includes(kind));
}

/** Which of two warnings an EnvoyFilter gets depends on those before it, which admission does not look at. */
function print({ code, path }: Message): string {
  return `${code === 'IST0155' ? 'IST0151' : code} ${path}`;
}

const cases = present ? readCases(FOLDER).filter((one) => !one.cluster2InputFiles) : [];

describe.runIf(present)('analysis at admission', () => {
  it.each(cases.map((one) => [`${one.analyzer}: ${one.name}`, one] as const))('%s', (_name, one) => {
    const cluster = clusterOf(resourcesOf(FOLDER, one));
    const all = analyzeWorld(new MutableWorld(cluster, SURROUNDINGS), AT_ADMISSION);
    const world = new MutableWorld(held(cluster), SURROUNDINGS);
    for (const resource of cluster.filter(({ kind }) => judges(kind))) {
      const { errors, warnings } = analyzeChange(world, { resource, readPrevious: () => undefined });
      const expected = all.filter((each) => each.resource === resource && levelOf(each) !== 'Info').map(print);
      expect([...errors, ...warnings].map(print).sort(), fullName(resource)).toEqual(expected.sort());
    }
  });

  it('judges resources of the corpus', () => {
    const judged = cases.flatMap((one) => clusterOf(resourcesOf(FOLDER, one)).filter(({ kind }) => judges(kind)));
    expect(judged.length).toBeGreaterThan(100);
  });
});
