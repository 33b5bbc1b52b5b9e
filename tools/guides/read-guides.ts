import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

import { readGuide, type Guide } from './read-guide.ts';

const ROOT = join(import.meta.dirname, '../..');
const FOLDER = 'docs/guides';

/** Paths of all guides, below the root of the project. */
export function listGuides(): string[] {
  return readdirSync(join(ROOT, FOLDER))
    .filter((name) => name.endsWith('.md'))
    .sort()
    .map((name) => `${FOLDER}/${name}`);
}

/** All guides with what of them is run. */
export function readGuides(): Guide[] {
  return listGuides().map((path) => readGuide(path, readFileSync(join(ROOT, path), 'utf8')));
}
