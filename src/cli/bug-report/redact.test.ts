import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { Json } from '../../core/kube-object.ts';
import { redact, redactText, REDACTED } from './redact.ts';

const JWT = 'eyJhbGciOiJSUzI1NiJ9.eyJzdWIiOiJhIn0.c2lnbmF0dXJl';
const KEY = '-----BEGIN RSA PRIVATE KEY-----\nMIIEvgIBADANBgkq\n-----END RSA PRIVATE KEY-----';

test.each([
  ['a token', `error: token ${JWT} is expired`, JWT],
  ['a key', `cannot use ${KEY}`, 'MIIEvgIBADANBgkq'],
  ['a key that is cut off', KEY.slice(0, -20), 'MIIEvgIBADANBgkq'],
  ['a header', 'Authorization: Bearer abcdef123456', 'abcdef123456'],
  ['a login', 'authorization: basic dXNlcjpwYXNz', 'dXNlcjpwYXNz'],
  ['a URL with a login', 'pulling https://user:hunter2@registry.example/x', 'hunter2'],
  ['a setting', 'started with --db-password=hunter2 now', 'hunter2'],
  ['JSON in a text', '{"clientSecret":"hunter2","a":1}', 'hunter2'],
  ['YAML in a text', 'a: 1\napiKey: hunter2\n', 'hunter2'],
  ['a key of a cloud', 'AKIAABCDEFGHIJKLMNOP', 'AKIAABCDEFGHIJKLMNOP'],
])('a text loses %s and keeps the rest', (_, text, secret) => {
  const left = redactText(text);
  expect(left).not.toContain(secret);
  expect(left).toContain(REDACTED);
});

test.each([
  'VirtualService shop/web: host web is not known',
  'image docker.io/istio/proxyv2:1.31.4@sha256:0123',
  'https://example.com:8443/path?x=1',
])('an honest text stays: %s', (text) => {
  expect(redactText(text)).toBe(text);
});

test('what names a Secret stays, what is one goes', () => {
  const gateway = { tls: { mode: 'SIMPLE', credentialName: 'web-cert' }, selector: { istio: 'ingressgateway' } };
  expect(redact(gateway)).toEqual(gateway);
  expect(
    redact({
      env: [
        { name: 'DB_PASSWORD', value: 'x1' },
        { name: 'HOME', value: '/' },
      ],
    }),
  ).toEqual({
    env: [
      { name: 'DB_PASSWORD', value: REDACTED },
      { name: 'HOME', value: '/' },
    ],
  });
  expect(redact({ kind: 'Secret', data: { a: 'YQ==' } })).toEqual({ kind: 'Secret', data: REDACTED });
  expect(redact({ matchExpressions: [{ key: 'app', operator: 'In', values: ['a'] }] })).toEqual({
    matchExpressions: [{ key: 'app', operator: 'In', values: ['a'] }],
  });
});

test('no secret is left, wherever it stands', () => {
  const planted = 'x9planted9x';
  const secret = fc.constantFrom<Json>(
    { password: planted },
    { clientSecret: planted },
    { headers: [{ name: 'x-api-key', value: planted }] },
    { pluginConfig: { anything: planted } },
    { kind: 'Secret', data: { a: planted }, stringData: { b: planted } },
    { annotations: { 'kubectl.kubernetes.io/last-applied-configuration': planted } },
    `-----BEGIN PRIVATE KEY-----\n${planted}\n-----END PRIVATE KEY-----`,
    `Bearer ${planted}`,
    `https://a:${planted}@b`,
    `eyJhbGciOi.${planted}.x`,
  );
  const around = fc.letrec<{ value: Json }>((tie) => ({
    value: fc.oneof(
      { depthSize: 'small' },
      secret,
      fc.constantFrom<Json>(1, true, null, 'plain'),
      fc.array(tie('value'), { maxLength: 3 }),
      fc.dictionary(fc.constantFrom('spec', 'a', 'value', 'name', 'key', 'credentialName'), tie('value'), {
        maxKeys: 3,
      }),
    ),
  })).value;
  fc.assert(
    fc.property(around, (value) => {
      expect(JSON.stringify(redact(value))).not.toContain(planted);
    }),
    { numRuns: 2_000 },
  );
});
