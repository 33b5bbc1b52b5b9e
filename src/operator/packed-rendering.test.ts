import { expect, it } from 'vitest';
import type { Result } from '../core/problem.ts';
import type { Rendered, RenderedComponent } from '../core/render/index.ts';
import { packRendering, unpackRendering } from './packed-rendering.ts';

const component = (instance: string): RenderedComponent => ({
  component: 'IngressGateways',
  instance,
  namespace: 'shop',
  objects: [{ apiVersion: 'v1', kind: 'Service', metadata: { name: instance, namespace: 'shop' } }],
});
const components = Array.from({ length: 5 }, (_, index) => component(`gateway-ü-${index}`));
const value = {
  components,
  release: '1.31.4',
  revision: '',
  istioNamespace: 'istio-system',
  values: {},
  reached: [],
  variables: [],
};

it('leaves a rendering as it was', async () => {
  const rendered: Result<Rendered> = {
    ok: true,
    value,
    warnings: [{ code: 'UnknownField', path: 'spec', message: 'careful' }],
  };
  expect(await unpackRendering(packRendering(rendered))).toEqual(rendered);
  const refused: Result<Rendered> = {
    ok: false,
    problems: [{ code: 'SettingUnused', path: 'spec', message: 'no' }],
    warnings: [],
  };
  expect(await unpackRendering(packRendering(refused))).toEqual(refused);
});

it('lets others have their turn between two components', async () => {
  let turns = 0;
  let isDone = false;
  const count = (): void => {
    turns += 1;
    if (!isDone) setImmediate(count);
  };
  setImmediate(count);
  await unpackRendering(packRendering({ ok: true, value, warnings: [] }));
  isDone = true;
  expect(turns).toBeGreaterThanOrEqual(components.length);
});
