import { expect, test } from 'vitest';
import { orderContainers } from './container-order.ts';

const named = (names: string[]): { name: string }[] => names.map((name) => ({ name }));

test.each<[string, string[], string[], boolean, string[], string[]]>([
  ['the proxy comes last', ['istio-proxy', 'a', 'b'], [], false, ['a', 'b', 'istio-proxy'], []],
  ['or first, when the application waits for it', ['a', 'istio-proxy', 'b'], [], true, ['istio-proxy', 'a', 'b'], []],
  [
    'traffic is redirected after the init containers',
    ['a'],
    ['istio-init', 'x', 'enable-core-dump', 'y'],
    false,
    ['a'],
    ['x', 'y', 'istio-init', 'enable-core-dump'],
  ],
  ['validation comes first', ['a'], ['x', 'istio-validation'], false, ['a'], ['istio-validation', 'x']],
  [
    'a native sidecar stands before the init containers',
    ['a'],
    ['x', 'enable-core-dump', 'istio-proxy', 'istio-init'],
    false,
    ['a'],
    ['istio-init', 'istio-proxy', 'enable-core-dump', 'x'],
  ],
])('%s', (_title, containers, init, first, wanted, wantedInit) => {
  const { spec } = orderContainers(
    { metadata: {}, spec: { containers: named(containers), initContainers: named(init) } },
    first,
  );
  expect(spec['containers']).toEqual(named(wanted));
  expect(spec['initContainers'] ?? []).toEqual(named(wantedInit));
});
