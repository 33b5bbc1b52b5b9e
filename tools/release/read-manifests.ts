import { readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { parse, parseAllDocuments } from 'yaml';
import type { KubeObject } from '../../src/core/kube-object.ts';

const CONFIG = join(import.meta.dirname, '../../config');

/** An object of config/, and the folder that holds its file. */
export interface Manifest {
  folder: string;
  object: KubeObject;
}

interface Kustomization {
  resources?: string[];
}

/**
 * The objects of a folder of config/, in the order of its kustomization. Only `resources` count: what else a kustomization
 * of these folders does (images, patches) is for those who use kustomize.
 */
export function readManifests(folder: string): Manifest[] {
  const { resources = [] } = parse(readFileSync(join(CONFIG, folder, 'kustomization.yaml'), 'utf8')) as Kustomization;
  return resources.flatMap((name) => {
    const path = join(folder, name);
    return statSync(join(CONFIG, path)).isDirectory() ? readManifests(path) : readObjects(path, folder);
  });
}

function readObjects(path: string, folder: string): Manifest[] {
  return parseAllDocuments(readFileSync(join(CONFIG, path), 'utf8'), { uniqueKeys: true }).map((document) => ({
    folder,
    object: document.toJS() as KubeObject,
  }));
}
