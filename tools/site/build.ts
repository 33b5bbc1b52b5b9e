// `npm run docs`: the documentation as a site in dist/site. What builds it is installed on the first run.
import { spawnSync } from 'node:child_process';
import { cpSync, existsSync, globSync, rmSync } from 'node:fs';
import { join } from 'node:path';

const HERE = import.meta.dirname;
const ROOT = join(HERE, '../..');
const ENTRY = join(HERE, 'node_modules/vitepress/bin/vitepress.js');
const PAGES = ['*.md', 'docs/**/*.md', 'samples/**/*.md', 'testbed/*.md', 'docs/images/*'];

function run(command: string, ...args: string[]): void {
  const { status } = spawnSync(command, args, { cwd: HERE, stdio: 'inherit' });
  if (status !== 0) throw new Error(`${command} ended with ${status ?? 'a signal'}`);
}

if (!existsSync(ENTRY)) run('npm', 'ci', '--ignore-scripts');
const pages = join(HERE, 'pages');
rmSync(pages, { recursive: true, force: true });
for (const path of globSync(PAGES, { cwd: ROOT })) cpSync(join(ROOT, path), join(pages, path));
try {
  run(process.execPath, ENTRY, 'build', '.');
} finally {
  rmSync(pages, { recursive: true, force: true });
}
