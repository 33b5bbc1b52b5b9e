import { analyzeForReaders } from '../analyze/analyze-for-readers.ts';
import { ANALYZERS } from '../analyze/analyzers/index.ts';
import { setAsideUnknown } from '../analyze/files/set-aside.ts';
import { KIND, type Kind } from '../analyze/kinds.ts';
import type { Message } from '../analyze/messages.ts';
import { identityOf, type Resource } from '../analyze/resource.ts';
import type { World } from '../analyze/world.ts';
import type { MeshState } from '../mesh/mesh-state.ts';

/** Kinds that commands do not read: what they would be needed for cannot be judged. */
const UNREAD: readonly Kind[] = [KIND.secret, KIND.node, KIND.customResourceDefinition];

/** What analysis says of some resources, the worst first; what needs Secrets is left out, which are not read. */
export function problemsOf({ resources, readers }: MeshState, world: World, about: readonly Resource[]): Message[] {
  const wanted = new Set(about.map(identityOf));
  const analyzers = ANALYZERS.filter(({ inputs }) => !inputs.some((kind) => UNREAD.includes(kind)));
  const found = analyzeForReaders(resources, { surroundings: world.surroundings, readers, analyzers });
  const isOfFiles = resources.some(({ origin }) => origin.file !== undefined);
  // What files do not hold may well be in the cluster.
  const known = isOfFiles ? setAsideUnknown(found, world) : found;
  return known.filter(({ resource }) => wanted.has(identityOf(resource)));
}
