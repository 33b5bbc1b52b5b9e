import { describe, expect, it } from 'vitest';
import { findRelease } from '../istio/find-release.ts';
import type { JsonObject, KubeObject } from '../kube-object.ts';
import { judgeStored } from './stored-resource.ts';

const sidecar = (spec: JsonObject, labels: Record<string, string> = {}): KubeObject => ({
  apiVersion: 'networking.istio.io/v1',
  kind: 'Sidecar',
  metadata: { name: 'a', namespace: 'shop', labels },
  spec,
});
/** A mode that 1.30 took without a word and 1.31 refuses. */
const DYNAMIC: JsonObject = { outboundTrafficPolicy: { mode: 3 } };
const STEP = { from: findRelease('1.30.5'), to: findRelease('1.31.4'), revision: 'default' };
const REFUSAL = expect.stringMatching(/^spec\.outboundTrafficPolicy\.mode: /) as string;

describe('a stored resource before an upgrade', () => {
  const cases: [title: string, resource: KubeObject, step: typeof STEP, found: object | undefined][] = [
    ['that is refused from then on', sidecar(DYNAMIC), STEP, { name: 'Sidecar shop/a', refusal: REFUSAL }],
    ['that both take', sidecar({ egress: [{ hosts: ['./*'] }] }), STEP, undefined],
    ['that both refuse', sidecar({ egress: [{ hosts: ['a b'] }] }), STEP, undefined],
    ['of another revision', sidecar(DYNAMIC, { 'istio.io/rev': 'old' }), STEP, undefined],
    [
      'of this revision',
      sidecar(DYNAMIC, { 'istio.io/rev': 'old' }),
      { ...STEP, revision: 'old' },
      { refusal: REFUSAL },
    ],
    [
      'that is very large',
      sidecar({ egress: [{ hosts: Array.from({ length: 30_000 }, (_, index) => `./h${index}.example.com`) }] }),
      STEP,
      { name: 'Sidecar shop/a' },
    ],
  ];
  it.each(cases)('%s', (_title, resource, step, found) => {
    const judged = judgeStored(resource, step);
    if (found === undefined) expect(judged).toBeUndefined();
    else expect(judged).toMatchObject(found);
  });
});
