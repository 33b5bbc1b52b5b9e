import { expect, test } from 'vitest';
import { renderInjection, DEFAULT_PROFILE } from '../../src/core/render/render-injection.ts';
import { compileInjectionConfig } from '../../src/core/inject/compile-injection-config.ts';
import { inject } from '../../src/core/inject/inject.ts';
import type { Pod } from '../../src/core/inject/template-context.ts';
import type { JsonObject } from '../../src/core/kube-object.ts';
import { decideAdmission } from '../../src/core/validate/decide-admission.ts';
import { distinctPodReviews, SERIAL } from './distinct-pods.ts';
import { distinctResourceReviews } from './distinct-resources.ts';

const COUNT = 1_000;

function objectOf(review: JsonObject): JsonObject {
  return (review.request as JsonObject).object as JsonObject;
}

function shapesOf(reviews: readonly JsonObject[]): Set<string> {
  return new Set(reviews.map((review) => JSON.stringify(objectOf(review))));
}

test.each([
  ['pods', distinctPodReviews],
  ['resources', distinctResourceReviews],
])('%s are all different, the same for the same seed, and have room for a number', (_what, make) => {
  const reviews = make(COUNT);
  expect(shapesOf(reviews).size).toBe(COUNT);
  expect(make(COUNT)).toEqual(reviews);
  expect(make(COUNT, 2)).not.toEqual(reviews);
  for (const review of reviews) expect(JSON.stringify(objectOf(review))).toContain(SERIAL);
});

test('each pod is injected', () => {
  const defaults = { hub: 'docker.io/istio', tag: '1.31.4' };
  const rendered = renderInjection(DEFAULT_PROFILE, { form: 'sailwright', defaults });
  if (!rendered.ok) throw new Error('the default profile does not render');
  const config = compileInjectionConfig(rendered.value.config);
  const outcomes = distinctPodReviews(COUNT).map((review) => {
    const pod = objectOf(review) as unknown as Pod;
    return inject({ pod, namespace: 'team-1' }, config).outcome;
  });
  expect(new Set(outcomes)).toEqual(new Set(['injected']));
});

test('each resource is valid, and many kinds are among them', () => {
  const reviews = distinctResourceReviews(COUNT);
  for (const review of reviews) expect(decideAdmission(objectOf(review))?.errors).toEqual([]);
  expect(new Set(reviews.map((review) => objectOf(review).kind)).size).toBe(8);
});
