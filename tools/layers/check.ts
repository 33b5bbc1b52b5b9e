// Part of `npm run lint`: the rooms of src stand in layers, and no files import each other in a circle.
import { globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { findBreaches } from './find-breaches.ts';

const SRC = join(import.meta.dirname, '..', '..', 'src');
const paths = globSync('**/*.{ts,tsx}', { cwd: SRC }).filter((path) => !path.endsWith('.test.ts'));
const breaches = findBreaches(
  new Map(paths.map((path) => [path.replaceAll('\\', '/'), readFileSync(join(SRC, path), 'utf8')])),
);
for (const breach of breaches) console.error(breach);
if (breaches.length > 0) process.exitCode = 1;
