// Random bodies for the webhooks: bytes, JSON, reviews of broken resources, and what is made to take long.
import fc from 'fast-check';
import { ISTIO_KINDS } from '../../src/api/istio-kinds.ts';

const SLOW_EXPRESSIONS = [
  '(a+)+$',
  '(a|aa)+$',
  '(.*)*x',
  `${'(a?){30}'.repeat(10)}a{300}`,
  '(x+x+)+y',
  `${'('.repeat(900)}`,
];
const FIELDS = ['hosts', 'http', 'match', 'uri', 'regex', 'route', 'destination', 'servers', 'port', 'tls', 'rules'];
const MORE_FIELDS = ['from', 'source', 'configPatches', 'applyTo', 'patch', 'value', '@type', 'selector', 'containers'];
const TYPES = ['type.googleapis.com/google.protobuf.Any', 'type.googleapis.com/envoy.config.cluster.v3.Cluster'];

const scalar = fc.oneof(
  fc.constantFrom<unknown>(
    null,
    true,
    0,
    -1,
    2 ** 40,
    1e308,
    '',
    '*',
    '%',
    '10s',
    '1.2.3.4/33',
    ...SLOW_EXPRESSIONS,
    ...TYPES,
  ),
  fc.string({ unit: 'binary', maxLength: 40 }),
  fc.double({ noNaN: true, noDefaultInfinity: true }),
);
const { json } = fc.letrec<{ json: unknown }>((tie) => ({
  json: fc.oneof(
    { maxDepth: 7, withCrossShrink: false },
    scalar,
    fc.array(tie('json'), { maxLength: 4 }),
    fc.dictionary(fc.constantFrom(...FIELDS, ...MORE_FIELDS), tie('json'), { maxKeys: 5 }),
  ),
}));
const kind = fc.constantFrom(
  { apiVersion: 'v1', kind: 'Pod' },
  ...ISTIO_KINDS.map((each) => ({ apiVersion: `${each.group}/${each.versions[0]}`, kind: each.kind })),
);
const metadata = fc.record({ name: scalar, namespace: scalar, labels: json, annotations: json }, { requiredKeys: [] });
const object = fc.tuple(kind, metadata, json).map(([type, meta, spec]) => ({ ...type, metadata: meta, spec }));
const review = fc
  .record({ operation: fc.constantFrom('CREATE', 'UPDATE', 'DELETE'), object, oldObject: fc.option(object) })
  .map((request) => ({
    apiVersion: 'admission.k8s.io/v1',
    kind: 'AdmissionReview',
    request: { uid: 'fuzz', namespace: 'team', ...request },
  }));

/** A text, cut somewhere. */
const truncated = fc
  .tuple(review, fc.double({ min: 0, max: 1, noNaN: true }))
  .map(([whole, part]) => JSON.stringify(whole).slice(0, Math.floor(JSON.stringify(whole).length * part)));

const deep = fc
  .integer({ min: 10, max: 20_000 })
  .map((depth) => `{"apiVersion":"admission.k8s.io/v1","request":${'['.repeat(depth)}${']'.repeat(depth)}}`);

const body: fc.Arbitrary<Buffer> = fc.oneof(
  { weight: 12, arbitrary: review.map((value) => Buffer.from(JSON.stringify(value))) },
  { weight: 2, arbitrary: truncated.map((text) => Buffer.from(text)) },
  { weight: 2, arbitrary: fc.uint8Array({ maxLength: 200 }).map((bytes) => Buffer.from(bytes)) },
  { weight: 2, arbitrary: json.map((value) => Buffer.from(JSON.stringify(value ?? null))) },
  { weight: 1, arbitrary: deep.map((text) => Buffer.from(text)) },
);

/** So many bodies; equal for equal seeds. */
export function sampleBodies(count: number, seed: number): Buffer[] {
  return fc.sample(body, { numRuns: count, seed });
}

/** Reviews of resources with an expression that takes a backtracking engine for ever. */
export function slowReviews(): Buffer[] {
  return SLOW_EXPRESSIONS.map((regex) => {
    const spec = { hosts: ['a'], http: [{ match: [{ uri: { regex } }], route: [{ destination: { host: 'a' } }] }] };
    const slow = { apiVersion: 'networking.istio.io/v1', kind: 'VirtualService', metadata: { name: 'a' }, spec };
    const request = { uid: 'slow', operation: 'CREATE', object: slow };
    return Buffer.from(JSON.stringify({ apiVersion: 'admission.k8s.io/v1', kind: 'AdmissionReview', request }));
  });
}
