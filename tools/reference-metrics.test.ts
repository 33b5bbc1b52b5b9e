import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { operatorRegistry } from './monitoring/operator-registry.ts';

it('docs/reference/metrics.md lists exactly the metrics that there are', async () => {
  const page = readFileSync(join(import.meta.dirname, '../docs/reference/metrics.md'), 'utf8');
  const listed = [...page.matchAll(/^\| `(sailwright_\w+)` \| (\w+) \|/gm)].map(([, name, type]) => `${name} ${type}`);
  const registry = operatorRegistry({ processMetrics: false });
  const existing = (await registry.getMetricsAsJSON()).map(({ name, type }) => `${name} ${String(type)}`);
  expect(listed.sort()).toEqual(existing.sort());
});
