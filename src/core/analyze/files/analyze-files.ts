import { listSome } from '../../list-some.ts';
import type { ResourceReader } from '../../istio/readers.ts';
import { analyzeForReaders } from '../analyze-for-readers.ts';
import { isTold } from '../analyze.ts';
import { message, type Message } from '../messages.ts';
import { friendlyName, identityOf, type Resource } from '../resource.ts';
import { MutableWorld, type Surroundings } from '../world.ts';
import { Alternatives } from './alternatives.ts';

/** Resources of files, with what else is there. */
export interface FilesInput {
  /** In the order in which they would be applied; each with its file. */
  files: readonly Resource[];
  /** What is in the cluster, or is implied. Files replace what has the same name there. */
  others: readonly Resource[];
  /** The directories and files that were asked for, as the paths of the files begin. */
  roots: readonly string[];
  surroundings: Surroundings;
  /** The control planes of the cluster; where there are none, the release of the surroundings counts. */
  readers?: readonly ResourceReader[];
}

/** What was found, and the world in which all are together. */
export interface FilesAnalysis {
  messages: Message[];
  world: MutableWorld;
}

/**
 * Analyzes files as if they were applied one after the other: of an object that is in several, the last is judged, and
 * one message says so. Directories with variants of the same objects are judged apart.
 */
export function analyzeFiles(input: FilesInput): FilesAnalysis {
  const { files, others, surroundings, readers = [] } = input;
  const versions = groupVersions(files);
  const kept = new Set(lastVersions(others, files));
  const found = analyzeForReaders(kept, { surroundings, readers });
  const messages = found.filter(({ resource }) => !resource.origin.implied);
  const judged = judgeApart(messages, input, { kept, alternatives: findAlternatives(versions, input.roots) });
  return {
    messages: [...judged, ...tellRepeated(versions).filter(isTold)],
    world: new MutableWorld(kept, surroundings),
  };
}

function groupVersions(files: readonly Resource[]): Resource[][] {
  const versions = new Map<string, Resource[]>();
  for (const resource of files) {
    const key = identityOf(resource);
    versions.set(key, [...(versions.get(key) ?? []), resource]);
  }
  return [...versions.values()].filter(({ length }) => length > 1);
}

function lastVersions(others: readonly Resource[], files: readonly Resource[]): Iterable<Resource> {
  // Files come first where the order counts.
  const inFiles = new Map(files.map((resource) => [identityOf(resource), resource]));
  return [...inFiles.values(), ...others.filter((resource) => !inFiles.has(identityOf(resource)))];
}

function findAlternatives(versions: readonly Resource[][], roots: readonly string[]): Alternatives {
  const alternatives = new Alternatives();
  for (const [first, ...rest] of versions) {
    for (const other of rest) alternatives.add(first?.origin.file ?? '', other.origin.file ?? '', roots);
  }
  return alternatives;
}

/** Replaces what was found about the resources of alternative directories by what is found without their siblings. */
function judgeApart(
  messages: readonly Message[],
  { files, others, surroundings, readers = [] }: FilesInput,
  { kept, alternatives }: { kept: ReadonlySet<Resource>; alternatives: Alternatives },
): Message[] {
  const branchOf = ({ origin }: Resource): string | undefined => alternatives.findBranch(origin.file ?? '');
  const branches = new Set(files.flatMap((resource) => branchOf(resource) ?? []));
  const everywhere = new Set(messages.map(keyOf));
  const apart = [...branches].flatMap((branch) => {
    const beside = files.filter(({ origin }) => !alternatives.excludes(branch, origin.file ?? ''));
    const found = analyzeForReaders(lastVersions(others, beside), { surroundings, readers });
    return found
      .filter(({ resource }) => kept.has(resource) && branchOf(resource) === branch)
      .filter((each) => !each.needs || everywhere.has(keyOf(each)));
  });
  return [...messages.filter(({ resource }) => branchOf(resource) === undefined), ...apart];
}

function keyOf({ code, resource, path }: Message): string {
  return `${code} ${path} ${identityOf(resource)}`;
}

/** One message for all objects that the same files repeat. */
function tellRepeated(versions: readonly Resource[][]): Message[] {
  const byFiles = new Map<string, Resource[]>();
  for (const each of versions) {
    const [last] = each.slice(-1);
    const where = [...new Set(each.map(({ origin }) => origin.file ?? ''))].join(', ');
    if (last) byFiles.set(where, [...(byFiles.get(where) ?? []), last]);
  }
  return [...byFiles].flatMap(([where, [first, ...rest]]) => {
    if (!first) return [];
    const names = listSome([first, ...rest].map(friendlyName));
    const count = where.includes(', ') ? 'in several files' : 'more than once';
    const text = `${names}: ${count} (${where}); the last one is judged. Directories of different clusters are better analyzed one by one.`;
    return [message('SWT0007', first, text)];
  });
}
