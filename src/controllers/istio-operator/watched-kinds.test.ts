import { expect, it } from 'vitest';
import { render } from '../../core/render/render.ts';
import { RENDERED_FEATURES } from '../../../tools/rbac/rendered-features.ts';
import { CLUSTER_SCOPED, WATCHED_KINDS } from './watched-kinds.ts';

const watched = new Set(WATCHED_KINDS.map(({ apiVersion, kind }) => `${apiVersion} ${kind}`));

it.each(Object.entries(RENDERED_FEATURES))('watches every kind that is rendered for: %s', (_feature, spec) => {
  const document = { apiVersion: 'install.istio.io/v1alpha1', kind: 'IstioOperator', spec: spec as never };
  const result = render({ documents: [document] }, { form: 'sailwright' });
  if (!result.ok) throw new Error(JSON.stringify(result.problems));
  const objects = result.value.components.flatMap((component) => component.objects);
  const missing = objects.map(({ apiVersion, kind }) => `${apiVersion} ${kind}`).filter((kind) => !watched.has(kind));
  expect([...new Set(missing)]).toEqual([]);
  const misplaced = objects.filter(({ kind, metadata }) => CLUSTER_SCOPED.has(kind) === Boolean(metadata.namespace));
  expect(misplaced.map(({ kind, metadata }) => `${kind} ${metadata.name}`)).toEqual([]);
});
