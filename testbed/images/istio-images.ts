import { readFile } from 'node:fs/promises';
import { basename, join } from 'node:path';

import { readBaseSystem, type Account } from '../../tools/image/base-system.ts';
import { debianArchitecture, type ObtainedPackage } from '../../tools/image/debian-packages.ts';
import { EXECUTABLE, fileEntry, mergeTrees, type FileTree, type TreeEntry } from '../../tools/image/file-tree.ts';
import type { ImageConfig, ImageSource } from '../../tools/image/oci-archive.ts';
import { readPackageFiles } from '../../tools/image/package-files.ts';
import { obtainForTests } from '../../tools/image/package-sets.ts';
import type { Progress } from '../build-progress.ts';
import { runGo } from '../go-command.ts';
import { ensureIstioPrograms, ISTIO_MODULE } from '../istio-programs.ts';
import { ensureArchive } from './archive-cache.ts';
import { ensureEnvoy } from './envoy.ts';

/** What the images call themselves: so manifests that name no version find them. The second is for another revision. */
export interface IstioTags {
  readonly hub: string;
  readonly tags: readonly string[];
}

const USER: Account = { name: 'istio-proxy', id: 1337 };

/**
 * Returns the archives of istiod, the proxy and the CNI plugin, built from Istio's sources, with upstream's Envoy.
 *
 * @throws when the sources, Debian's packages or Envoy cannot be had.
 */
export async function ensureIstioImages(
  { hub, tags }: IstioTags,
  onProgress: Progress = () => undefined,
): Promise<string[]> {
  const envoy = await ensureEnvoy(onProgress);
  const base = await obtainForTests('base', onProgress);
  const firewall = await obtainForTests('firewall', onProgress);
  const programs = await ensureIstioPrograms(tags[0] ?? 'unknown', onProgress);
  const names = (image: string): string[] => tags.map((tag) => `${hub}/${image}:${tag}`);
  const images = [
    { name: 'pilot', make: () => makePilot(names('pilot'), programs, base) },
    { name: 'proxyv2', make: () => makeProxy(names('proxyv2'), programs, envoy, [...base, ...firewall]) },
    { name: 'install-cni', make: () => makeCni(names('install-cni'), programs, [...base, ...firewall]) },
  ];
  const packages = [...base, ...firewall].map(({ sha256 }) => sha256);
  const inputs = [basename(programs), basename(envoy), hub, ...tags, ...packages];
  const archives: string[] = [];
  for (const { name, make } of images) archives.push(await ensureArchive({ name, inputs, make }, onProgress));
  return archives;
}

async function makePilot(names: string[], programs: string, base: readonly ObtainedPackage[]): Promise<ImageSource> {
  const tree = mergeTrees(
    await readBaseSystem(base, USER),
    await program(programs, 'pilot-discovery', 'usr/local/bin/pilot-discovery'),
  );
  return source(names, tree, { user: '1337:1337', entrypoint: ['/usr/local/bin/pilot-discovery'] });
}

async function makeProxy(
  names: string[],
  programs: string,
  envoy: string,
  packages: readonly ObtainedPackage[],
): Promise<ImageSource> {
  const bootstrap = join(await moduleFolder(), 'tools', 'packaging', 'common', 'envoy_bootstrap.json');
  const tree = mergeTrees(
    await systemWithFirewall(packages),
    await program(programs, 'pilot-agent', 'usr/local/bin/pilot-agent'),
    new Map([
      ['usr/local/bin/envoy', fileEntry(await readFile(envoy), EXECUTABLE)],
      ['var/lib/istio/envoy/envoy_bootstrap_tmpl.json', fileEntry(await readFile(bootstrap))],
    ]),
  );
  return source(names, tree, { entrypoint: ['/usr/local/bin/pilot-agent'] });
}

async function makeCni(names: string[], programs: string, packages: readonly ObtainedPackage[]): Promise<ImageSource> {
  const tree = mergeTrees(
    await systemWithFirewall(packages),
    await program(programs, 'istio-cni', 'opt/cni/bin/istio-cni'),
    await program(programs, 'install-cni', 'usr/local/bin/install-cni'),
  );
  return source(names, tree, {
    entrypoint: ['/usr/local/bin/install-cni'],
    path: '/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin:/opt/cni/bin',
    workingDir: '/opt/cni/bin',
  });
}

function source(
  names: string[],
  tree: FileTree,
  config: Partial<ImageConfig> & Pick<ImageConfig, 'entrypoint'>,
): ImageSource {
  return {
    names,
    layers: [{ tree, createdBy: 'testbed/images' }],
    // They never leave the machine.
    compress: false,
    config: { architecture: debianArchitecture(), created: new Date(0).toISOString(), ...config },
  };
}

async function program(folder: string, name: string, path: string): Promise<FileTree> {
  return new Map([[path, fileEntry(await readFile(join(folder, name)), EXECUTABLE)]]);
}

/** iptables and nft, with the links that Debian makes when it installs them. */
async function systemWithFirewall(packages: readonly ObtainedPackage[]): Promise<FileTree> {
  const tools = ['iptables', 'ip6tables'].flatMap((name) => [name, `${name}-save`, `${name}-restore`]);
  const links = tools.map((name): [string, TreeEntry] => [
    `usr/sbin/${name}`,
    { kind: 'link', target: name.replace('tables', 'tables-nft') },
  ]);
  return mergeTrees(
    await readBaseSystem(packages, USER),
    await readPackageFiles(packages, (path) => /^usr\/sbin\/|^usr\/lib\/[^/]+\/(?:xtables\/)?[^/]*\.so/.test(path)),
    new Map(links),
  );
}

async function moduleFolder(): Promise<string> {
  const [folder = ''] = await runGo(['list', '-m', '-f', '{{.Dir}}', 'istio.io/istio'], { folder: ISTIO_MODULE });
  return folder;
}
