// The first half of `npm run generate`: the second one renders, and so reads what is written here.
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { outlineModules } from './outline-modules.ts';

const ROOT = join(import.meta.dirname, '../..');

for (const [path, content] of outlineModules()) await writeFile(join(ROOT, path), content);
