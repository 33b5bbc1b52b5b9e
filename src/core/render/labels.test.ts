import { describe, expect, it } from 'vitest';
import { isJsonObject, type Json, type JsonObject, type KubeObject } from '../kube-object.ts';
import { render } from './render.ts';
import type { Form } from '../components.ts';

const LABEL = 'app.kubernetes.io/instance';
/** What an Application of Argo CD, or its namespace, can be called. */
const APPLICATION = /^([a-z0-9.-]+_)?[a-z0-9.-]+$/;

function objectsOf(profile: string, form: Form): KubeObject[] {
  const result = render({ documents: [{ spec: { profile } }] }, { form });
  if (!result.ok) throw new Error(profile);
  return result.value.components.flatMap(({ objects }) => objects);
}

/** Every value of the label but that of the object itself: pod templates and selectors. */
function inner(value: Json | undefined, isRoot = true): Json[] {
  if (Array.isArray(value)) return value.flatMap((item) => inner(item, false));
  if (!isJsonObject(value)) return [];
  const own = value[LABEL] === undefined ? [] : [value[LABEL]];
  return [
    ...own,
    ...Object.entries(value).flatMap(([key, item]) => (isRoot && key === 'metadata' ? [] : inner(item, false))),
  ];
}

describe.each(['default', 'demo', 'ambient'])('objects of profile %s', (profile) => {
  const ours = objectsOf(profile, 'sailwright');

  it('cannot be taken for those of an Application of Argo CD', () => {
    const values = ours.map(({ metadata }) => metadata.labels?.[LABEL]).filter((value) => value !== undefined);
    expect(values.length).toBeGreaterThan(30);
    expect(values.filter((value) => APPLICATION.test(value))).toEqual([]);
  });

  it('have the pods and selectors that Istio’s own tool renders', () => {
    const all = (objects: KubeObject[]): Json[] => objects.flatMap((object) => inner(object as JsonObject));
    expect(all(ours)).toEqual(all(objectsOf(profile, 'upstream')));
    expect(all(ours)).toContain('istio');
  });
});
