import { describe, expect, it } from 'vitest';
import { decodeApiError, isKindNotServed, isNotFound, judgeDryRun } from './errors.ts';

const CONFLICT = {
  kind: 'Status',
  reason: 'Conflict',
  message: 'Apply failed with 2 conflicts',
  details: {
    name: 'web',
    causes: [
      { reason: 'FieldManagerConflict', message: 'conflict with "kubectl" using apps/v1', field: '.spec.replicas' },
      { reason: 'FieldManagerConflict', message: 'conflict with "hpa" with subresource "scale"', field: '.spec.x' },
    ],
  },
};

describe('decodeApiError', () => {
  it('lists managers and fields of a conflict', () => {
    const error = decodeApiError(409, JSON.stringify(CONFLICT), 'PATCH /x');
    expect(error.conflicts).toEqual([
      { manager: 'kubectl', field: '.spec.replicas' },
      { manager: 'hpa', field: '.spec.x' },
    ]);
  });

  it.each([
    { what: 'a missing object', body: { reason: 'NotFound', details: { name: 'x' } }, kindNotServed: false },
    { what: 'an unknown path', body: '404 page not found', kindNotServed: true },
  ])('tells $what from a kind that is not served', ({ body, kindNotServed }) => {
    const error = decodeApiError(404, typeof body === 'string' ? body : JSON.stringify(body), 'GET /x');
    expect([isNotFound(error), isKindNotServed(error)]).toEqual([true, kindNotServed]);
  });

  it.each([
    { what: 'seconds', header: '7', details: {}, seconds: 7 },
    {
      what: 'the status where the header is missing',
      header: undefined,
      details: { retryAfterSeconds: 4 },
      seconds: 4,
    },
    { what: 'the status where the header is nonsense', header: 'soon', details: { retryAfterSeconds: 4 }, seconds: 4 },
    { what: 'a date that has passed', header: 'Thu, 01 Jan 2015 00:00:00 GMT', details: {}, seconds: undefined },
    { what: 'nothing', header: undefined, details: {}, seconds: undefined },
  ])('reads when to come back from $what', ({ header, details, seconds }) => {
    const { retryAfterMs } = decodeApiError(429, JSON.stringify({ details }), 'GET /x', header);
    expect(retryAfterMs).toBe(seconds === undefined ? undefined : seconds * 1_000);
  });

  it('reads when to come back from a date', () => {
    const { retryAfterMs } = decodeApiError(503, '', 'GET /x', new Date(Date.now() + 3_600_000).toUTCString());
    expect((retryAfterMs ?? 0) / 60_000).toBeCloseTo(60, 0);
  });
});

describe('judgeDryRun', () => {
  const immutable = { reason: 'FieldValueInvalid', field: 'spec.selector', message: 'field is immutable' };
  const ending = { reason: 'NamespaceTerminating', message: 'namespace web is being terminated' };
  it.each<[what: string, status: number, body: object, verdict: ReturnType<typeof judgeDryRun>]>([
    ['an immutable field', 422, { reason: 'Invalid', details: { name: 'x', causes: [immutable] } }, 'refused'],
    ['a quota, a missing right, a webhook', 403, { reason: 'Forbidden', message: 'exceeded quota' }, 'refused'],
    ['a webhook that names no code', 400, { message: 'admission webhook "x" denied the request' }, 'refused'],
    ['an object that is too large', 413, { reason: 'RequestEntityTooLarge' }, 'refused'],
    ['a webhook with side effects', 400, { message: 'admission webhook "x" does not support dry run' }, 'exempt'],
    ['a namespace that is still to be made', 404, { reason: 'NotFound', details: { name: 'web' } }, 'exempt'],
    ['a kind that is still to be served', 404, {}, 'exempt'],
    ["another manager's field", 409, CONFLICT, 'exempt'],
    ['a namespace that ends', 403, { details: { causes: [ending] } }, 'open'],
    ['a race', 409, { reason: 'Conflict' }, 'open'],
    ['no valid token', 401, {}, 'open'],
    ['too many requests', 429, {}, 'open'],
    ['a webhook that does not answer', 500, { message: 'failed calling webhook' }, 'open'],
    ['no answer', 0, {}, 'open'],
  ])('%s', (_what, status, body, verdict) => {
    expect(judgeDryRun(decodeApiError(status, JSON.stringify(body), 'PATCH /x'))).toBe(verdict);
  });
});
