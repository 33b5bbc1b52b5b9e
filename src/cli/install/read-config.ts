import { existsSync, readFileSync, statSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { parse, parseAllDocuments } from 'yaml';
import type { KubeObject } from '../../core/kube-object.ts';
import { InputError } from '../shell/input-error.ts';

/** An object of config/, and the folder that holds its file. */
export interface Manifest {
  folder: string;
  object: KubeObject;
}

interface Kustomization {
  resources?: string[];
}

/** Kinds that must be there before others, in that order; the rest follows as config/ lists it. */
const FIRST = ['Namespace', 'CustomResourceDefinition', 'ServiceAccount'];

/** What of the package holds the operator's manifests, as the package and a checkout have it. @throws InputError */
export function findConfig(from: string = import.meta.dirname): string {
  const config = join(from, 'config');
  if (existsSync(join(config, 'default', 'kustomization.yaml'))) return config;
  if (dirname(from) === from) {
    throw new InputError(
      'the manifests of the operator are not beside this program: use the npm package or a checkout',
    );
  }
  return findConfig(dirname(from));
}

/**
 * The objects of a folder of config/, in the order of its kustomization. Only `resources` count: what else a kustomization
 * of these folders does (images, patches) is for those who use kustomize.
 */
export function readManifests(config: string, folder: string): Manifest[] {
  const { resources = [] } = parse(readFileSync(join(config, folder, 'kustomization.yaml'), 'utf8')) as Kustomization;
  return resources.flatMap((name) => {
    const path = join(folder, name);
    return statSync(join(config, path)).isDirectory()
      ? readManifests(config, path)
      : readObjects(join(config, path), folder);
  });
}

function readObjects(path: string, folder: string): Manifest[] {
  return parseAllDocuments(readFileSync(path, 'utf8'), { uniqueKeys: true }).map((document) => ({
    folder,
    object: document.toJS() as KubeObject,
  }));
}

/** What `config/default` installs, with this image, in the order in which to apply it. */
export function operatorObjects(config: string, image: string): KubeObject[] {
  const rank = ({ kind }: KubeObject): number => (FIRST.includes(kind) ? FIRST.indexOf(kind) : FIRST.length);
  const objects = readManifests(config, 'default').map(({ object }) => withImage(object, image));
  return objects.sort((a, b) => rank(a) - rank(b));
}

interface Workload {
  template: { spec: { containers: { image: string }[] } };
}

function withImage(object: KubeObject, image: string): KubeObject {
  if (object.kind !== 'Deployment') return object;
  const spec = structuredClone<unknown>(object['spec']) as Workload;
  for (const container of spec.template.spec.containers) container.image = image;
  return { ...object, spec };
}
