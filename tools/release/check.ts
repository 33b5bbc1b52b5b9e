// `npm run release:check`: what keeps this tree from being released. docs/release.md goes through the rest.
import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { findReleaseProblems } from './find-release-problems.ts';

const ROOT = join(import.meta.dirname, '..', '..');
const TEXTS = [
  'README.md',
  'docs/guides/getting-started.md',
  'docs/guides/image.md',
  'docs/guides/helm.md',
  'config/manager/kustomization.yaml',
];

function read(file: string): string {
  return readFileSync(join(ROOT, file), 'utf8');
}

function git(...args: string[]): string {
  return execFileSync('git', args, { cwd: ROOT, encoding: 'utf8' });
}

// What is generated shows as a change when it was not up to date.
execFileSync('npm', ['run', '-s', 'generate'], { cwd: ROOT, stdio: ['ignore', 'ignore', 'inherit'] });
const { version } = JSON.parse(read('package.json')) as { version: string };
const problems = findReleaseProblems({
  version,
  changelog: read('CHANGELOG.md'),
  texts: Object.fromEntries(TEXTS.map((file) => [file, read(file)])),
  gitStatus: git('status', '--porcelain'),
});
for (const problem of problems) console.error(problem);
console.log(problems.length === 0 ? `${version} can be released` : `problems: ${problems.length}`);
process.exitCode = problems.length === 0 ? 0 : 1;
