// What samples/ teaches is right, by our own verdicts.
import { existsSync, globSync, readdirSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';

import { expect, it } from 'vitest';
import { parseAllDocuments } from 'yaml';

import { analyze } from '../../src/library/analyze.ts';
import { validate } from '../../src/library/validate.ts';

const SAMPLES = join(import.meta.dirname, '../../samples');
const FILES = globSync('*/*.yaml', { cwd: SAMPLES }).sort();
const FOLDERS = readdirSync(SAMPLES, { withFileTypes: true }).filter((entry) => entry.isDirectory());

const read = (path: string): object[] =>
  parseAllDocuments(readFileSync(join(SAMPLES, path), 'utf8')).map((document) => document.toJS() as object);

/** To deny everything is what it is for. */
const MEANT = new Set(['AllowsNothing deny-all', 'SWT0005 deny-all']);
/** That Secrets are kept elsewhere, and that files have the same object. */
const ABOUT_THE_LIST = new Set(['SWT0006', 'SWT0007']);

it.each(FILES)('%s is taken by a cluster without a word', (path) => {
  const found = read(path).flatMap((object) => {
    const { name, errors, warnings } = validate(object) ?? { name: '', errors: [], warnings: [] };
    return [...errors, ...warnings].filter(({ code }) => !MEANT.has(`${code} ${name}`));
  });
  expect(found).toEqual([]);
});

it.each(FILES)('%s fits the application, its folder and the subsets of canary', (path) => {
  const base = ['app/app.yaml', 'canary/destination-rule.yaml'];
  const folder = FILES.filter((other) => dirname(other) === dirname(path));
  // Of what several files have, the last counts.
  const objects = [...base, ...folder, path].flatMap(read);
  const found = analyze(objects).filter(({ code, resource }) => !MEANT.has(`${code} ${resource}`));
  expect(found.filter(({ code }) => !ABOUT_THE_LIST.has(code))).toEqual([]);
});

it.each(FOLDERS)('$name says in a few lines what it is, and README.md names it', ({ name }) => {
  const readme = join(SAMPLES, name, 'README.md');
  expect(existsSync(readme)).toBe(true);
  const lines = readFileSync(readme, 'utf8').split('\n').filter(Boolean);
  expect(lines.length).toBeGreaterThanOrEqual(4);
  expect(lines.length).toBeLessThanOrEqual(6);
  expect(readFileSync(join(SAMPLES, 'README.md'), 'utf8')).toContain(`| [${name}](${name}) `);
});
