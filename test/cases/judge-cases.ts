import { judgeDocument } from '../../src/core/judge/judge-document.ts';
import { analyzeWorld } from '../../src/core/analyze/analyze.ts';
import { ANALYZERS, OPTIONAL_ANALYZERS } from '../../src/core/analyze/analyzers/index.ts';
import { analyzeFiles } from '../../src/core/analyze/files/analyze-files.ts';
import { setAsideUnknown } from '../../src/core/analyze/files/set-aside.ts';
import type { Message } from '../../src/core/analyze/messages.ts';
import { meshOfConfigMaps } from '../../src/core/analyze/mesh-of-config-maps.ts';
import { resourceOf } from '../../src/core/analyze/world-from-objects.ts';
import { MutableWorld } from '../../src/core/analyze/world.ts';
import { admitByDefinition } from '../../src/core/validate/crd-layer/admit-by-definition.ts';
import { findRelease } from '../../src/core/istio/find-release.ts';
import type { Finding } from '../../src/core/validate/finding.ts';
import { meshConfigWithDefaults } from '../../src/core/inject/mesh-config.ts';
import { validateMeshConfig } from '../../src/core/validate/mesh/mesh-config.ts';
import { validateMeshNetworks } from '../../src/core/validate/mesh/mesh-networks.ts';
import { predictAdmission } from '../../src/core/validate/predict-admission.ts';
import { validateResource } from '../../src/core/validate/validate-resource.ts';
import { readFindingCases, type FindingCase } from './read-cases.ts';

const NAMESPACE = 'team';
const SURROUNDINGS = { now: 0, readCertificate: () => undefined };

/** What is judged, by the folder that its cases are in. */
export const JUDGES: Readonly<Record<string, (one: FindingCase) => string[]>> = {
  analyze: judgeTogether,
  definition: judgeByDefinition,
  files: judgeFiles,
  install: judgeInstallation,
  kubectl: judgeAsApplied,
  mesh: judgeMesh,
  validate: judgeAlone,
};

/** A case in which something else was said than expected. */
export interface Difference {
  name: string;
  expected: readonly string[];
  found: readonly string[];
}

/** Runs all cases below the root folder; an exception counts as what was said. */
export function findDifferences(root: string): Difference[] {
  return Object.entries(JUDGES).flatMap(([folder, judge]) =>
    readFindingCases(folder, root).flatMap((one) => {
      const found = attempt(() => judge(one));
      const isEqual = JSON.stringify(found) === JSON.stringify(one.expected);
      return isEqual ? [] : [{ name: `${folder}/${one.name}`, expected: one.expected, found }];
    }),
  );
}

function attempt(judge: () => string[]): string[] {
  try {
    return judge();
  } catch (error) {
    return [`threw ${String(error)}`];
  }
}

/** By the webhook. */
function judgeAlone({ documents, istio }: FindingCase): string[] {
  return documents.flatMap((object) => {
    const verdict = validateResource(object, { defaultNamespace: NAMESPACE, release: findRelease(istio) });
    return [...(verdict?.findings ?? []), ...(verdict?.advice ?? [])].map(textOf);
  });
}

/** By the definition of the kind alone. */
function judgeByDefinition({ documents }: FindingCase): string[] {
  return documents.flatMap((object) => (admitByDefinition(object)?.findings ?? []).map(textOf));
}

/** By the definition of the kind and the webhook, as kubectl shows it. */
function judgeAsApplied({ documents }: FindingCase): string[] {
  return documents.flatMap((object) => {
    const verdict = predictAdmission(object, { defaultNamespace: NAMESPACE });
    return (verdict?.findings ?? []).map(textOf);
  });
}

function textOf({ severity, code, path }: Finding): string {
  return `${severity === 'error' ? '!' : ''}${code} ${path}`.trim();
}

/** As `sailwright validate` does. */
function judgeInstallation({ documents, istio }: FindingCase): string[] {
  const by = { defaultNamespace: NAMESPACE, release: findRelease(istio), defaults: {} };
  return documents.flatMap((object) => (judgeDocument(object, by)?.findings ?? []).map(textOf));
}

/** The settings of a mesh on top of the defaults; where a document has `networks`, these. */
function judgeMesh({ documents, istio }: FindingCase): string[] {
  return documents.flatMap(({ networks, ...mesh }) => {
    const found = networks
      ? validateMeshNetworks(networks, 'networks')
      : validateMeshConfig(meshConfigWithDefaults(mesh), { release: findRelease(istio) });
    return found.map(textOf);
  });
}

/** As `sailwright analyze -f` does, each document in a file of its own. */
function judgeFiles({ documents }: FindingCase): string[] {
  const files = documents.flatMap((value, i) => resourceOf({ value, origin: { file: `${i}.yaml` } }, NAMESPACE) ?? []);
  const { messages, world } = analyzeFiles({ files, others: [], roots: ['.'], surroundings: SURROUNDINGS });
  return setAsideUnknown(messages, world).map(placeOf);
}

/** By all analyzers. */
function judgeTogether({ documents, clusters }: FindingCase): string[] {
  const resources = documents.flatMap((value, i) => {
    const cluster = clusters[i];
    return resourceOf({ value, origin: cluster === undefined ? {} : { cluster } }, NAMESPACE) ?? [];
  });
  const world = new MutableWorld([...resources, ...meshOfConfigMaps(resources, 'istio-system')], SURROUNDINGS);
  return analyzeWorld(world, [...ANALYZERS, ...OPTIONAL_ANALYZERS]).map(placeOf);
}

function placeOf({ code, resource, path }: Message): string {
  return `${code} ${resource.name} ${path}`.trim();
}
