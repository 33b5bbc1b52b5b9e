import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';

import {
  debianArchitecture,
  obtainPackages,
  resolvePackages,
  type DebianPackage,
  type ObtainedPackage,
  type Selection,
} from './debian-packages.ts';

const LOCK_FILE = join(import.meta.dirname, 'packages.lock.json');

/** Packages by architecture, by set. */
const lockSchema = z.record(
  z.string(),
  z.record(z.string(), z.array(z.strictObject({ name: z.string(), version: z.string(), sha256: z.string() }))),
);

type Lock = z.infer<typeof lockSchema>;

/** What images are made of, beside programs of their own. */
export const PACKAGE_SETS = {
  /** What a program of C++ needs to run and to reach others: its libraries and the authorities it trusts. */
  base: { withDependencies: ['libstdc++6'], alone: ['base-files', 'ca-certificates'] },
  /** What sends a pod's traffic through its proxy; in images of tests alone. */
  firewall: { withDependencies: ['iptables', 'nftables'], alone: [] },
} satisfies Record<string, Selection>;

export type PackageSet = keyof typeof PACKAGE_SETS;

/**
 * The locked packages of a set.
 *
 * @throws when there are none for this machine's architecture, or they cannot be had.
 */
export async function obtainLocked(set: PackageSet): Promise<ObtainedPackage[]> {
  const locked = (await readLock())[debianArchitecture()]?.[set];
  if (locked === undefined) {
    throw new Error(
      `${LOCK_FILE} has no packages for ${debianArchitecture()}: npm run image -- --renew-base adds them`,
    );
  }
  return obtainPackages(locked);
}

/** The same for tests, which must not wait for a new lock: else the packages that this machine's archive has now. */
export async function obtainForTests(set: PackageSet, onFallback: (line: string) => void): Promise<ObtainedPackage[]> {
  try {
    return await obtainLocked(set);
  } catch (error) {
    onFallback(`${error instanceof Error ? error.message : String(error)}; the tests take its present ones`);
    return obtainPackages(await resolvePackages(PACKAGE_SETS[set]));
  }
}

/** Locks what the archive has now, for this machine's architecture, and returns it. */
export async function renewLock(): Promise<readonly DebianPackage[]> {
  const sets: Lock[string] = {};
  for (const [set, selection] of Object.entries(PACKAGE_SETS)) sets[set] = await resolvePackages(selection);
  const lock: Lock = { ...(await readLock()), [debianArchitecture()]: sets };
  await writeFile(LOCK_FILE, `${JSON.stringify(lock, undefined, 2)}\n`);
  return Object.values(sets).flat();
}

async function readLock(): Promise<Lock> {
  return lockSchema.parse(JSON.parse(await readFile(LOCK_FILE, 'utf8')));
}
