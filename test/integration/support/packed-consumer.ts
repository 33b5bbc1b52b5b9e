// A project of somebody else's, outside of the repository, with the package as `npm pack` makes it and no network.
import { execFile } from 'node:child_process';
import { mkdir, mkdtemp, readFile, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { promisify } from 'node:util';

const ROOT = join(import.meta.dirname, '../../..');
/** What the project has installed beside the package. */
const BESIDE = ['kubernetes-fluent-client', '@types/node', 'undici-types'];
const run = promisify(execFile);

const TSCONFIG = {
  compilerOptions: {
    target: 'es2023',
    module: 'nodenext',
    strict: true,
    exactOptionalPropertyTypes: true,
    noUncheckedIndexedAccess: true,
    // Of the fluent client's own declarations not all pass.
    skipLibCheck: true,
    types: ['node'],
    outDir: 'out',
  },
};

/** A folder that has the package installed. */
export class PackedConsumer {
  readonly folder: string;
  /** What the tarball holds, by path in the package. */
  readonly files: readonly string[];

  private constructor(folder: string, files: readonly string[]) {
    this.folder = folder;
    this.files = files;
  }

  /** Packs what is built, and installs it. */
  static async create(): Promise<PackedConsumer> {
    const folder = await mkdtemp(join(tmpdir(), 'sailwright-consumer-'));
    const pack = ['pack', '--json', '--ignore-scripts', '--pack-destination', folder];
    const { stdout } = await run('npm', pack, { cwd: ROOT, maxBuffer: 16 * 1024 * 1024 });
    const [packed] = JSON.parse(stdout) as { filename: string; files: { path: string }[] }[];
    if (!packed) throw new Error('npm pack made nothing');
    const target = join(folder, 'node_modules/sailwright');
    await mkdir(target, { recursive: true });
    await run('tar', ['-xzf', join(folder, packed.filename), '-C', target, '--strip-components=1']);
    for (const name of BESIDE) {
      await mkdir(dirname(join(folder, 'node_modules', name)), { recursive: true });
      await symlink(join(ROOT, 'node_modules', name), join(folder, 'node_modules', name));
    }
    await writeFile(join(folder, 'package.json'), JSON.stringify({ name: 'consumer', private: true, type: 'module' }));
    await writeFile(join(folder, 'tsconfig.json'), JSON.stringify(TSCONFIG));
    return new PackedConsumer(
      folder,
      packed.files.map(({ path }) => path),
    );
  }

  async write(name: string, text: string): Promise<void> {
    await writeFile(join(this.folder, name), text);
  }

  /** What the compiler has to say of all that was written; empty when nothing. */
  async compile(): Promise<string> {
    const tsc = join(ROOT, 'node_modules/typescript/bin/tsc');
    try {
      await run(process.execPath, [tsc, '-p', this.folder], { cwd: this.folder });
      return '';
    } catch (error) {
      return (error as { stdout: string }).stdout;
    }
  }

  /** What a compiled module prints. Throws when it fails. */
  async run(name: string, env: Readonly<Record<string, string>> = {}): Promise<string> {
    const module = join(this.folder, 'out', name.replace(/\.ts$/, '.js'));
    const { stdout } = await run(process.execPath, [module], {
      cwd: this.folder,
      env: { ...process.env, NO_COLOR: '1', ...env },
    });
    return stdout;
  }

  /** The text of a file of the package. */
  async read(path: string): Promise<string> {
    return readFile(join(this.folder, 'node_modules/sailwright', path), 'utf8');
  }

  async remove(): Promise<void> {
    await rm(this.folder, { recursive: true, force: true });
  }
}
