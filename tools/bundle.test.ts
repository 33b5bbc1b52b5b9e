// What the built command line loads, and that it keeps what was compiled.
import { spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import type { Metafile } from 'esbuild';
import { makeSchemaTexts } from '../src/core/render/base/schema-texts.ts';
import { bundle } from './bundle.ts';

const folder = mkdtempSync(join(tmpdir(), 'sailwright-bundle-'));
const cache = join(folder, 'compile-cache');
let outputs: Metafile['outputs'] = {};
beforeAll(async () => {
  ({ outputs } = await bundle({ outdir: folder, sourcemap: false }));
}, 60_000);
afterEach(() => rmSync(cache, { recursive: true, force: true }));
afterAll(() => rmSync(folder, { recursive: true }));

/** The files of src and of packages that are loaded with one of them. */
function loadedWith(source: string): string[] {
  const loaded = new Set<string>();
  const pending = Object.keys(outputs).filter((path) => outputs[path]?.entryPoint === source);
  expect(pending).toHaveLength(1);
  for (const path of pending) {
    if (loaded.has(path)) continue;
    loaded.add(path);
    const imported = outputs[path]?.imports.filter(({ kind, external }) => kind === 'import-statement' && !external);
    pending.push(...(imported ?? []).map((each) => each.path));
  }
  return [...loaded].flatMap((path) => Object.keys(outputs[path]?.inputs ?? {}));
}

describe('what is loaded', () => {
  it.each<[source: string, without: RegExp]>([
    ['src/main.ts', /node_modules|src\/core\/(?!error-text)|src\/kube/],
    [
      'src/cli/manifest/generate.ts',
      /node_modules\/(@bufbuild|commander|js-yaml|@kubernetes|zod)|src\/kube|src\/controllers|src\/core\/go-template\/(?!float-text)/,
    ],
    [
      'src/cli/validate/validate.ts',
      /node_modules\/(?!js-yaml)|src\/core\/.*generated|src\/(kube|controllers|core\/(render|go-template))/,
    ],
    ['src/operator/judgement-worker.ts', /src\/core/],
  ])('with %s is nothing of %s', (source, without) => {
    expect(loadedWith(source).filter((path) => without.test(path))).toEqual([]);
  });

  it('of zod has no languages but English', () => {
    const inputs = Object.values(outputs).flatMap((output) => Object.keys(output.inputs));
    const locales = inputs.filter((path) => path.includes('zod/v4/locales'));
    expect([...new Set(locales)]).toEqual([expect.stringMatching(/\/en\.js$/)]);
  });
});

function run(args: readonly string[], input = ''): { status: number | null; stdout: string; stderr: string } {
  const { NODE_COMPILE_CACHE: _, NODE_DISABLE_COMPILE_CACHE: __, NODE_V8_COVERAGE: ___, ...env } = process.env;
  const command = [join(folder, 'sailwright.js'), ...args];
  const { status, stdout, stderr } = spawnSync(process.execPath, command, { env, input, encoding: 'utf8' });
  return { status, stdout, stderr };
}

const TELEMETRY = `apiVersion: telemetry.istio.io/v1
kind: Telemetry
metadata: {name: a, namespace: b}
spec: {accessLogging: [{filter: {expression: "response.code >="}}]}
`;

describe('the built program', () => {
  it('loads CEL when an expression is to be read', () => {
    const { status, stdout } = run(['validate', '-f', '-'], TELEMETRY);
    expect(status).toBe(1);
    expect(stdout).toMatch(/is not a CEL expression.*\[CelInvalid\]/);
  }, 30_000);

  it('loads RE2, YAML for lines and definitions when they are asked for', () => {
    const service = (regex: string): string => `apiVersion: networking.istio.io/v1
kind: VirtualService
metadata: {name: a, namespace: b}
spec:
  hosts: [a]
  http: [{match: [{uri: {regex: ${JSON.stringify(regex)}}}], route: [{destination: {host: a}}]}]
`;
    expect(run(['validate', '-f', '-'], service('/a.*')).status).toBe(0);
    const { status, stdout } = run(['validate', '-f', '-'], service('(?=a)'));
    expect(status).toBe(1);
    expect(stdout).toMatch(/^-:6: error: .*RE2.*\[RegexInvalid\]/);
  }, 30_000);

  it('prints schemas of definitions as the build made them', () => {
    const { stdout } = run(['manifest', 'generate']);
    for (const { text } of Object.values(makeSchemaTexts())) expect(stdout).toContain(`schema:\n${text}\n`);
    expect(loadedWith('src/core/render/base/schema-texts.ts')).toEqual(['src/core/render/base/schema-texts.ts']);
  }, 30_000);

  it('loads what tries injection where there is something to try', () => {
    const operator = `kind: IstioOperator
spec: {values: {sidecarInjectorWebhook: {templates: {own: "{{ if }}"}}}}
`;
    const { status, stderr } = run(['manifest', 'generate', '-f', '-'], operator);
    expect(status).toBe(1);
    expect(stderr).toContain('spec.values.sidecarInjectorWebhook.templates.own: ');
  }, 30_000);

  const GENERATE = ['manifest', 'generate', '-f', '-'];
  const keptFiles = (): string[] =>
    readdirSync(cache, { recursive: true, encoding: 'utf8' })
      .filter((path) => /\.cjs-[\d.]+$/.test(path))
      .sort();

  it('keeps what was compiled beside it, and goes on where it cannot', () => {
    const first = run(GENERATE);
    const kept = keptFiles();
    expect(kept.map((path) => path.replace(/^.*\/|-[\d.]+$/g, ''))).toEqual(
      expect.arrayContaining(['main.cjs', 'manifest-generate.cjs', 'late-schema-texts.cjs']),
    );
    const writtenAt = (): number[] => keptFiles().map((path) => statSync(join(cache, path)).mtimeMs);
    const before = writtenAt();
    expect(run(GENERATE)).toEqual(first);
    expect(writtenAt()).toEqual(before);
    for (const path of kept) writeFileSync(join(cache, path), 'not compiled');
    expect(run(GENERATE)).toEqual(first);
    for (const path of keptFiles().map((file) => join(cache, file))) {
      const bytes = readFileSync(path);
      for (let at = 99; at < bytes.length; at += 1_000) bytes[at] = (bytes[at] ?? 0) ^ 1;
      writeFileSync(path, bytes);
    }
    expect(run(GENERATE)).toEqual(first);
    rmSync(cache, { recursive: true });
    writeFileSync(cache, 'no folder');
    expect(run(GENERATE)).toEqual(first);
  }, 30_000);

  it('keeps nothing of a file that changed since', () => {
    run(GENERATE);
    const main = join(folder, 'main.cjs');
    const text = readFileSync(main, 'utf8');
    // As long as before, which is all that V8 compares.
    writeFileSync(main, text.replace('print the objects', 'print all objects'));
    try {
      expect(run(['manifest', '--help']).stdout).toContain('print all objects');
    } finally {
      writeFileSync(main, text);
    }
  }, 30_000);

  it('keeps nothing of a command that failed, which called little', () => {
    expect(run(['validate', '-f', '-'], TELEMETRY).status).toBe(1);
    expect(existsSync(cache) ? keptFiles() : []).toEqual([]);
  }, 30_000);

  it('keeps nothing of the operator', () => {
    expect(run(['run', '--help']).status).toBe(0);
    expect(existsSync(cache)).toBe(false);
  }, 30_000);
});
