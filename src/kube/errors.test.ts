import { describe, expect, it } from 'vitest';
import { decodeApiError, isKindNotServed, isNotFound, isRetryable } from './errors.ts';

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
  it('lists managers and fields of a conflict, which no retry resolves', () => {
    const error = decodeApiError(409, JSON.stringify(CONFLICT), 'PATCH /x');
    expect(error.conflicts).toEqual([
      { manager: 'kubectl', field: '.spec.replicas' },
      { manager: 'hpa', field: '.spec.x' },
    ]);
    expect(isRetryable(error)).toBe(false);
  });

  it.each([
    { what: 'a missing object', body: { reason: 'NotFound', details: { name: 'x' } }, kindNotServed: false },
    { what: 'an unknown path', body: '404 page not found', kindNotServed: true },
  ])('tells $what from a kind that is not served', ({ body, kindNotServed }) => {
    const error = decodeApiError(404, typeof body === 'string' ? body : JSON.stringify(body), 'GET /x');
    expect([isNotFound(error), isKindNotServed(error)]).toEqual([true, kindNotServed]);
  });

  it.each([
    { status: 409, retryable: true },
    { status: 422, retryable: false },
    { status: 403, retryable: false },
    { status: 429, retryable: true },
    { status: 500, retryable: true },
  ])('takes $status as retryable: $retryable', ({ status, retryable }) => {
    expect(isRetryable(decodeApiError(status, '', 'GET /x', '3'))).toBe(retryable);
    expect(decodeApiError(status, '', 'GET /x', '3').retryAfterMs).toBe(3_000);
  });
});
