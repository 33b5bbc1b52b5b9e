import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { JsonObject } from '../../src/core/kube-object.ts';
import { parseYamlObjects } from '../../src/core/values/yaml-input.ts';

/** Documents in, expected findings out: one small file for one thing that the product says. */
export interface FindingCase {
  /** The file, below the folder of cases: `virtual-service/redirect-empty`. */
  name: string;
  /** What is said, in its order: `CODE path`, errors of validation marked with `!`. */
  expected: readonly string[];
  documents: readonly JsonObject[];
  /** Which cluster of the mesh each document is of; empty where there is one cluster. */
  clusters: readonly string[];
  /** The minor of Istio that judges; the usual one when left out. */
  istio?: string;
}

/** The cases below a folder beside this file, by name. The first document of each file lists what is expected. */
export function readFindingCases(folder: string, root: string): FindingCase[] {
  const base = join(root, folder);
  const files = readdirSync(base, { recursive: true, encoding: 'utf8' }).filter((file) => file.endsWith('.yaml'));
  return files.sort().map((file) => readCase(join(base, file), file.replace(/\.yaml$/, '')));
}

function readCase(path: string, name: string): FindingCase {
  const [head, ...documents] = parseYamlObjects(readFileSync(path, 'utf8'), []);
  const { expect: expected, clusters = [], istio } = head ?? {};
  if (!Array.isArray(expected) || documents.length === 0) {
    throw new Error(`${path}: the first document must be "expect: [...]", and at least one more must follow`);
  }
  const minor = typeof istio === 'string' ? { istio } : {};
  return { name, expected: expected.map(String), documents, clusters: clusters as string[], ...minor };
}
