import { stringify } from 'yaml';
import type { KubeObject } from '../../src/core/kube-object.ts';
import { readManifests } from './read-manifests.ts';

/** Kinds that must be there before others, in that order; the rest follows as config/ lists it. */
const FIRST = ['Namespace', 'CustomResourceDefinition', 'ServiceAccount'];

/** What `config/default` installs with this image, in one file: for who has neither kustomize nor Helm. */
export function renderStaticManifest(version: string, image: string): string {
  const objects = inOrder(readManifests('default').map(({ object }) => withImage(object, image)));
  const header = `# Sailwright ${version}: kubectl apply --server-side -f THIS_FILE\n`;
  return (
    header +
    objects.map((object) => `---\n${stringify(object, { lineWidth: 0, aliasDuplicateObjects: false })}`).join('')
  );
}

function inOrder(objects: readonly KubeObject[]): KubeObject[] {
  const rank = ({ kind }: KubeObject): number => (FIRST.includes(kind) ? FIRST.indexOf(kind) : FIRST.length);
  return [...objects].sort((a, b) => rank(a) - rank(b));
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
