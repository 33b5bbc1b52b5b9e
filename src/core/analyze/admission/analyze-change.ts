import type { IstioRelease } from '../../istio/release.ts';
import { WorkMeter } from '../../work-meter.ts';
import type { Analyzer } from '../analyzer.ts';
import { mergeMessages } from '../analyze-for-readers.ts';
import { analyzeWorld } from '../analyze.ts';
import { ANALYZERS } from '../analyzers/index.ts';
import type { Kind } from '../kinds.ts';
import { levelOf, type Message } from '../messages.ts';
import type { Resource } from '../resource.ts';
import { releaseIn, type World } from '../world.ts';
import { SubjectWorld, type JudgedSubject } from './subject-world.ts';

const BY_KIND = new Map<Kind, Analyzer[]>();
for (const analyzer of ANALYZERS) {
  for (const kind of analyzer.atAdmission ?? []) BY_KIND.set(kind, [...(BY_KIND.get(kind) ?? []), analyzer]);
}

const JUDGED: ReadonlySet<Kind> = new Set(BY_KIND.keys());

/** What may be looked up for one change, in values of resources: some ten milliseconds' worth. */
const MAX_WORK = 1_000_000;

/** A resource that is to be stored, and what is stored now. */
export interface Change {
  resource: Resource;
  /** Called only if it matters. */
  readPrevious: () => Resource | undefined;
  /** The releases of Istio that read it; that of the world when left out. */
  releases?: readonly IstioRelease[];
}

/** What analysis has against a change. */
export interface ChangeAnalysis {
  /** Errors that the stored resource has not. */
  errors: Message[];
  /** All else that is worth a word. */
  warnings: Message[];
}

/** Whether any analyzer judges resources of the kind when they are stored. */
export function isAnalyzedAtAdmission(kind: Kind): boolean {
  return BY_KIND.has(kind);
}

/**
 * Looks for mistakes that a resource makes together with those that are stored. What it changes for others is left to
 * the analysis of all. The effort depends on the resource and on what it refers to, not on how much is stored.
 * @throws TooMuchWork when it refers to more than is looked up while somebody waits
 */
export function analyzeChange(
  world: World,
  { resource, readPrevious, releases = [releaseIn(world)] }: Change,
): ChangeAnalysis {
  const meter = new WorkMeter(MAX_WORK);
  const findMistakes = (subject: Resource): Message[] =>
    mergeMessages(releases.map((release) => [release, mistakesOf(world, { subject, release, judged: JUDGED, meter })]));
  const found = findMistakes(resource);
  if (!found.some(isError)) return { errors: [], warnings: found };
  const previous = readPrevious();
  const known = new Set(previous ? findMistakes(previous).map(keyOf) : []);
  const isNew = (each: Message): boolean => isError(each) && !(known.size > 0 && known.has(keyOf(each)));
  return { errors: found.filter(isNew), warnings: found.filter((each) => !isNew(each)) };
}

function isError(each: Message): boolean {
  return levelOf(each) === 'Error';
}

function mistakesOf(world: World, judged: JudgedSubject): Message[] {
  const { subject } = judged;
  const found = analyzeWorld(new SubjectWorld(world, judged), BY_KIND.get(subject.kind) ?? []);
  return found.filter((each) => each.resource === subject && levelOf(each) !== 'Info');
}

function keyOf({ code, path, text }: Message): string {
  return `${code} ${path} ${text}`;
}
