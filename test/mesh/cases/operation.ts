import { afterAll, beforeAll } from 'vitest';

import type { RealEnvironment } from '../../../testbed/mesh/real-cluster.ts';
import { Shop } from '../support/shop.ts';
import { changeCases } from './changes.ts';
import { faultCases } from './faults.ts';
import { nodeLossCases } from './node-loss.ts';

/** Changes and faults of the mesh and of the machines below it, under load. */
export function operationCases(here: () => RealEnvironment): void {
  let shop: Shop;
  const open = (): Shop => shop;

  beforeAll(async () => {
    shop = await Shop.open(here());
  });
  afterAll(() => shop?.close());

  faultCases(open);
  changeCases(open);
  nodeLossCases(open);
}
