import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { X509Certificate } from 'node:crypto';
import { analyzeWorld } from '../../src/core/analyze/analyze.ts';
import { ANALYZERS, OPTIONAL_ANALYZERS } from '../../src/core/analyze/analyzers/index.ts';
import { defaultIngressGateway } from '../../src/core/analyze/default-ingress.ts';
import { KIND } from '../../src/core/analyze/kinds.ts';
import { fullName, type Resource } from '../../src/core/analyze/resource.ts';
import { meshResource, resourceOf } from '../../src/core/analyze/world-from-objects.ts';
import { MutableWorld } from '../../src/core/analyze/world.ts';
import { readObjects } from '../../src/cli/files/read-documents.ts';
import type { JsonObject } from '../../src/core/kube-object.ts';
import { parseYamlObjects } from '../../src/core/values/yaml-input.ts';
import type { CaseResult } from './manifests.ts';

/** One line of the corpus. */
export interface AnalyzeCase {
  name: string;
  analyzer: string;
  inputFiles?: string[];
  cluster1InputFiles?: string[];
  cluster2InputFiles?: string[];
  meshConfigFile?: string;
  meshNetworksFile?: string;
  expected: { code: string; kind: string; resource: string }[] | null;
}

/** Every case of the analyzers that upstream has: codes and resources, each as often as upstream reports it. */
export function analyzeCases(folder: string): CaseResult[] {
  return readCases(folder).map((one) => runCase(folder, one));
}

/** The cases whose input is there. */
export function readCases(folder: string): AnalyzeCase[] {
  const lines = readFileSync(join(folder, 'cases.jsonl'), 'utf8').split('\n');
  const cases = lines.filter(Boolean).map((line) => JSON.parse(line) as AnalyzeCase);
  return cases.filter((one) => hasInput(folder, one));
}

/** The corpus names files that it does not hold. */
function hasInput(folder: string, one: AnalyzeCase): boolean {
  const files = [...(one.inputFiles ?? []), ...(one.cluster1InputFiles ?? []), ...(one.cluster2InputFiles ?? [])];
  return files.every((file) => existsSync(join(folder, file)));
}

function runCase(folder: string, one: AnalyzeCase): CaseResult {
  const name = `${one.analyzer}: ${one.name}`;
  const analyzers = [...ANALYZERS, ...OPTIONAL_ANALYZERS].filter((each) => each.name === one.analyzer);
  if (analyzers.length === 0) return { name, difference: 'there is no such analyzer' };
  const world = new MutableWorld(resourcesOf(folder, one), { now: Date.now(), readCertificate });
  // Upstream tells a text once where it does not know the line; ours tells each place.
  const texts = analyzeWorld(world, analyzers).map(({ code, resource, text }) => {
    const kind = resource.kind.slice(resource.kind.indexOf('/') + 1);
    return JSON.stringify([`${code} ${kind} ${isMesh(resource) ? '*' : fullName(resource)}`, text]);
  });
  const found = [...new Set(texts)].map((each) => (JSON.parse(each) as [string])[0]);
  const expected = (one.expected ?? []).map(
    ({ code, kind, resource }) => `${code} ${kind} ${kind.startsWith('Mesh') ? '*' : resource}`,
  );
  const [missing, extra] = [without(expected, found), without(found, expected)];
  if (missing.length + extra.length === 0) return { name, difference: undefined };
  return {
    name,
    difference: [...missing.map((text) => `missing ${text}`), ...extra.map((text) => `not expected ${text}`)].join(
      '; ',
    ),
  };
}

function isMesh({ kind }: Resource): boolean {
  return kind === KIND.meshConfig || kind === KIND.meshNetworks;
}

/** The items of one list that the other has not, counting repetitions. */
function without(items: readonly string[], others: readonly string[]): string[] {
  const left = [...others];
  return items.filter((item) => {
    const at = left.indexOf(item);
    if (at >= 0) left.splice(at, 1);
    return at < 0;
  });
}

/** All that a case analyzes. */
export function resourcesOf(folder: string, one: AnalyzeCase): Resource[] {
  const read = (files: readonly string[] | undefined, cluster?: string): Resource[] =>
    readObjects((files ?? []).map((file) => join(folder, file))).objects.flatMap(
      ({ value }) => resourceOf({ value, origin: cluster === undefined ? {} : { cluster } }, '') ?? [],
    );
  const [meshConfig] = readMesh(folder, one.meshConfigFile).map((spec) => meshResource(KIND.meshConfig, spec));
  return [
    ...read(one.inputFiles),
    ...read(one.cluster1InputFiles, 'cluster1'),
    ...read(one.cluster2InputFiles, 'cluster2'),
    ...(meshConfig ? [meshConfig] : []),
    ...defaultIngressGateway(meshConfig, 'istio-system'),
    ...readMesh(folder, one.meshNetworksFile).map((spec) => meshResource(KIND.meshNetworks, spec)),
  ];
}

function readMesh(folder: string, file: string | undefined): JsonObject[] {
  const path = file ? join(folder, file) : '';
  return path !== '' && existsSync(path) ? parseYamlObjects(readFileSync(path, 'utf8'), []).slice(0, 1) : [];
}

function readCertificate(pem: string): { notBefore: number; notAfter: number } | undefined {
  try {
    const { validFromDate, validToDate } = new X509Certificate(pem);
    return { notBefore: validFromDate.getTime(), notAfter: validToDate.getTime() };
  } catch {
    return undefined;
  }
}
