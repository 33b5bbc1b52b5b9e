import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { decodeAdmissionReview, encodeAdmissionReview } from './admission-review.ts';

const review = (request: unknown, more: object = {}): string =>
  JSON.stringify({ apiVersion: 'admission.k8s.io/v1', kind: 'AdmissionReview', request, ...more });

describe('decodeAdmissionReview', () => {
  it.each(['admission.k8s.io/v1', 'admission.k8s.io/v1beta1'])('reads %s', (apiVersion) => {
    const request = { uid: 'u', operation: 'CREATE', object: { a: 1 }, oldObject: null };
    expect(decodeAdmissionReview(review(request, { apiVersion }))).toEqual({ ok: true, version: apiVersion, request });
  });

  const bad: [title: string, body: string, uid: string, problem: string][] = [
    ['half a body', '{"apiVersion":', '', 'not JSON'],
    ['a plain value', '7', '', 'plain value'],
    ['another kind', review({ uid: 'u', operation: 'CREATE' }, { kind: 'Pod' }), 'u', 'apiVersion and kind'],
    ['another version', review({ uid: 'u' }, { apiVersion: 'admission.k8s.io/v2' }), 'u', 'apiVersion and kind'],
    ['no request', review(undefined), '', 'request: must be an object'],
    ['no uid', review({ operation: 'CREATE' }), '', 'request.uid'],
    ['an unknown operation', review({ uid: 'u', operation: 'PATCH' }), 'u', 'request.operation'],
    ['a list for the object', review({ uid: 'u', operation: 'CREATE', object: [] }), 'u', 'request.object'],
    ['a number for the namespace', review({ uid: 'u', operation: 'CREATE', namespace: 1 }), 'u', 'request.namespace'],
  ];
  it.each(bad)('says what is wrong with %s', (_title, body, uid, problem) => {
    const decoded = decodeAdmissionReview(body);
    expect(decoded).toMatchObject({ ok: false, uid });
    expect(decoded.ok ? '' : decoded.problem).toContain(problem);
  });

  it('never throws', () => {
    fc.assert(fc.property(fc.oneof(fc.string(), fc.json()), (body) => void decodeAdmissionReview(body)));
  });
});

describe('encodeAdmissionReview', () => {
  const parse = (response: Parameters<typeof encodeAdmissionReview>[2]): Record<string, unknown> => {
    const text = encodeAdmissionReview('admission.k8s.io/v1', 'u"1', response);
    return (JSON.parse(text) as { response: Record<string, unknown> }).response;
  };

  it('carries the uid, whatever is in it', () => {
    expect(parse({ allowed: true })).toEqual({ uid: 'u"1', allowed: true });
  });

  it.each(['ü', 'ü€'.repeat(5_000), 'a'.repeat(30_000), '\ud800'])('carries a patch (%.9s)', (value) => {
    const patch = JSON.stringify([{ op: 'add', path: '/a', value }]);
    const encoded = Buffer.from(patch).toString('base64');
    expect(parse({ allowed: true, patch })).toEqual({
      uid: 'u"1',
      allowed: true,
      patchType: 'JSONPatch',
      patch: encoded,
    });
  });

  it.each(['[]', ''])('leaves out an empty patch (%j)', (patch) => {
    expect(parse({ allowed: true, patch })).toEqual({ uid: 'u"1', allowed: true });
  });

  it('gives a denial its message, code and reason, and never a patch', () => {
    const denial = { allowed: false, message: 'no\n"x"', code: 422, reason: 'Invalid', patch: '[1]', warnings: ['w'] };
    expect(parse(denial)).toEqual({
      uid: 'u"1',
      allowed: false,
      status: { status: 'Failure', message: 'no\n"x"', code: 422, reason: 'Invalid' },
      warnings: ['w'],
    });
  });
});
