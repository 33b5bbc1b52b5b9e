import { readFile } from 'node:fs/promises';
import { join } from 'node:path';

import { debianArchitecture } from '../../tools/image/debian-packages.ts';
import { EXECUTABLE, fileEntry } from '../../tools/image/file-tree.ts';
import type { ImageSource } from '../../tools/image/oci-archive.ts';
import type { Progress } from '../build-progress.ts';
import { PAUSE_IMAGE } from '../real/node-files.ts';
import { ensureBuilt, type GoBuild } from '../go-build.ts';
import { ensureArchive } from './archive-cache.ts';

/** A service that echoes, and clients that ask, count and look: `serve`, `get`, `load` and `look` of testbed/traffic. */
export const TRAFFIC_IMAGE = 'testbed.local/traffic:1';

const TRAFFIC: GoBuild = {
  name: 'traffic',
  title: 'the services of tests',
  module: join(import.meta.dirname, '..', 'traffic'),
  package: '.',
  output: 'testbed-traffic',
};

/** Returns the path of the program that is in these images, for use outside of pods. */
export async function ensureTrafficProgram(onProgress?: Progress): Promise<string> {
  return join(await ensureBuilt(TRAFFIC, onProgress), 'testbed-traffic');
}

/** Returns the archives of the images that every pod of a test is made of. */
export async function ensureTrafficImages(onProgress?: Progress): Promise<string[]> {
  const program = await ensureTrafficProgram(onProgress);
  const image = (name: string, command: string[]) => async (): Promise<ImageSource> => ({
    names: [name],
    layers: [
      {
        createdBy: 'testbed/traffic',
        tree: new Map([['testbed-traffic', fileEntry(await readFile(program), EXECUTABLE)]]),
      },
    ],
    compress: false,
    config: {
      architecture: debianArchitecture(),
      created: new Date(0).toISOString(),
      user: '65532:65532',
      entrypoint: ['/testbed-traffic', ...command],
    },
  });
  return [
    await ensureArchive({ name: 'pause', inputs: [program], make: image(PAUSE_IMAGE, ['pause']) }, onProgress),
    await ensureArchive({ name: 'traffic', inputs: [program], make: image(TRAFFIC_IMAGE, []) }, onProgress),
  ];
}
