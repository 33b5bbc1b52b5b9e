import { normalize } from 'node:path';
import { compareMessages } from '../../core/analyze/analyze.ts';
import { analyzeFiles } from '../../core/analyze/files/analyze-files.ts';
import { impliedByFiles } from '../../core/analyze/files/implied-by-files.ts';
import { setAsideUnknown } from '../../core/analyze/files/set-aside.ts';
import type { Message } from '../../core/analyze/messages.ts';
import { resourceOf } from '../../core/analyze/world-from-objects.ts';
import type { Surroundings } from '../../core/analyze/world.ts';
import { isJsonObject, type KubeObject } from '../../core/kube-object.ts';
import { toMeshState, type MeshState } from '../../core/mesh/mesh-state.ts';
import { originOf, readObjects } from '../files/read-documents.ts';
import { parseIstioVersion } from '../shell/istio-version.ts';

/** What to read, and how it would be read in a cluster. */
export interface FilesQuestion {
  filename: readonly string[];
  istioNamespace: string;
  istioVersion: string | undefined;
}

/** A mesh as files describe it: without pods and without a status, unless somebody wrote them out of a cluster. */
export interface FilesMesh {
  mesh: MeshState;
  messages: Message[];
  problems: readonly string[];
  notes: readonly string[];
}

const NAMESPACE_UNLESS_TOLD = 'default';

/** Reads files as `sailwright analyze -f` does, and looks for the same. */
export function readFiles(flags: FilesQuestion, { now, readCertificate }: Surroundings): FilesMesh {
  const { filename, istioNamespace, istioVersion } = flags;
  const { objects, problems, notes } = readObjects(filename);
  const files = objects.flatMap(
    (object) => resourceOf({ value: object.value, origin: originOf(object) }, NAMESPACE_UNLESS_TOLD) ?? [],
  );
  // What has no name is no object; analysis leaves it out likewise.
  const named = objects.flatMap(({ value }) =>
    isJsonObject(value['metadata']) ? [value as unknown as KubeObject] : [],
  );
  const mesh = toMeshState({ objects: named, unread: [] }, istioNamespace);
  const { messages, world } = analyzeFiles({
    files,
    others: impliedByFiles(files, istioNamespace),
    readers: istioVersion === undefined ? mesh.readers : [],
    roots: filename.map((root) => normalize(root).replace(/\/$/, '')),
    surroundings: { release: parseIstioVersion(istioVersion), now, readCertificate },
  });
  return { mesh, messages: setAsideUnknown(messages, world).sort(compareMessages), problems, notes };
}
