// Makes whatever the tests of the mesh need that this machine has not yet, and lets others go first: `npm test` does so
// beside stages that leave a processor idle. Who needs a part before it is there waits for it.
import { setPriority } from 'node:os';

import { ensureBinaries } from '../binaries.ts';
import { ensureIstioImages } from '../images/istio-images.ts';
import { ensureHelm } from '../helm-program.ts';
import { ensureTrafficImages } from '../images/traffic-images.ts';
import { ensureImageStore } from '../real/image-store.ts';
import { ensureNodePrograms } from '../real/node-programs.ts';
import { ISTIO_IMAGES } from './mesh.ts';
import { tellStderr } from './real-cluster.ts';

setPriority(15);
// The tests of other stages need these as well.
await ensureBinaries(tellStderr);
await ensureHelm(tellStderr);
const programs = await ensureNodePrograms(tellStderr);
const archives = [...(await ensureTrafficImages(tellStderr)), ...(await ensureIstioImages(ISTIO_IMAGES, tellStderr))];
await ensureImageStore(programs, archives, tellStderr);
