import { readFile } from 'node:fs/promises';
import { join } from 'node:path';

import { readBaseSystem } from '../../tools/image/base-system.ts';
import { debianArchitecture } from '../../tools/image/debian-packages.ts';
import { EXECUTABLE, fileEntry, mergeTrees } from '../../tools/image/file-tree.ts';
import type { ImageSource } from '../../tools/image/oci-archive.ts';
import { obtainForTests } from '../../tools/image/package-sets.ts';
import type { Progress } from '../build-progress.ts';
import { ensurePrometheus } from '../prometheus-programs.ts';
import { ensureArchive } from './archive-cache.ts';

/** Debian's Prometheus. */
export const PROMETHEUS_IMAGE = 'testbed.local/prometheus:1';

/** Returns the archive of the image. @throws where Debian's packages cannot be had. */
export async function ensurePrometheusImage(onProgress: Progress = () => undefined): Promise<string> {
  const program = join(await ensurePrometheus(onProgress), 'prometheus');
  const base = await obtainForTests('base', onProgress);
  const make = async (): Promise<ImageSource> => ({
    names: [PROMETHEUS_IMAGE],
    layers: [
      {
        createdBy: 'testbed/images',
        tree: mergeTrees(
          await readBaseSystem(base, { name: 'prometheus', id: 65532 }),
          new Map([['usr/bin/prometheus', fileEntry(await readFile(program), EXECUTABLE)]]),
        ),
      },
    ],
    compress: false,
    config: {
      architecture: debianArchitecture(),
      created: new Date(0).toISOString(),
      user: '65532:65532',
      entrypoint: ['/usr/bin/prometheus'],
    },
  });
  const inputs = [program, ...base.map(({ sha256 }) => sha256)];
  return ensureArchive({ name: 'prometheus', inputs, make }, onProgress);
}
