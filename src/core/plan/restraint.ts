import { shorten } from '../../api/field-path.ts';
import { DRIFT_ANNOTATION, PAUSE_ANNOTATION } from '../../api/our-names.ts';
import type { KubeObject, ObjectRef } from '../kube-object.ts';
import type { DesiredObject } from './desired.ts';
import { annotationName, namesIn } from './annotation-name.ts';

/** What becomes of changes that others make to an object: put back, left and told, or left in silence. */
export const DRIFT_MODES = ['correct', 'warn', 'ignore'] as const;
export type DriftMode = (typeof DRIFT_MODES)[number];

/** How far the owner of a resource lets the operator go. */
export interface Restraint {
  modeOf: (desired: DesiredObject) => DriftMode;
  /** Nothing at all is written to the object. */
  isPaused: (ref: ObjectRef) => boolean;
  /** What cannot be understood, or names nothing that there is; one sentence each. */
  unclear: readonly string[];
}

const MAX_WORD = 100;

/**
 * Reads the annotations of the resource: `warn` for all of its objects, `Deployment/istio-system/istiod=ignore` for one,
 * by commas. An object may also be rendered with the annotation. What somebody writes on a live object counts for
 * nothing: whoever may change that must not get the operator to leave it so.
 */
export function readRestraint(
  { metadata }: Pick<KubeObject, 'metadata'>,
  desired: readonly DesiredObject[],
  owned: Iterable<ObjectRef>,
): Restraint {
  const { [DRIFT_ANNOTATION]: drift, [PAUSE_ANNOTATION]: pause } = metadata.annotations ?? {};
  const paused = new Set(namesIn(pause));
  const { modes, wrong } = readModes(drift);
  const rendered = desired.flatMap(({ object, ref }): [string, string][] => {
    const word = object.metadata.annotations?.[DRIFT_ANNOTATION];
    return word === undefined ? [] : [[annotationName(ref), word]];
  });
  const bad = rendered.filter(([, word]) => !isDriftMode(word)).map(([name, word]) => `${name}=${word}`);
  const own = new Map(rendered.flatMap(([name, word]) => (isDriftMode(word) ? [[name, word] as const] : [])));
  const known = new Set(desired.map(({ ref }) => annotationName(ref)));
  const had = new Set([...owned].map(annotationName));
  const strange = [...modes.keys()].filter((name) => name !== '' && !known.has(name));
  return {
    modeOf: ({ ref }) => modes.get(annotationName(ref)) ?? own.get(annotationName(ref)) ?? modes.get('') ?? 'correct',
    isPaused: (ref) => paused.has(annotationName(ref)),
    unclear: [
      ...unclear(
        DRIFT_ANNOTATION,
        [...wrong, ...bad],
        `each entry must be ${DRIFT_MODES.join(', ')} or NAME=one of them`,
      ),
      ...unclear(DRIFT_ANNOTATION, strange, 'nothing of that name is rendered'),
      ...unclear(
        PAUSE_ANNOTATION,
        [...paused].filter((name) => !known.has(name) && !had.has(name)),
        'nothing of that name is rendered or installed',
      ),
    ],
  };
}

/** Modes by name; the empty name stands for all objects. */
function readModes(annotation: string | undefined): { modes: Map<string, DriftMode>; wrong: string[] } {
  const modes = new Map<string, DriftMode>();
  const wrong: string[] = [];
  for (const entry of namesIn(annotation)) {
    const at = entry.lastIndexOf('=');
    const [name, word] = [entry.slice(0, Math.max(at, 0)), entry.slice(at + 1)];
    if (isDriftMode(word) && at !== 0) modes.set(name, word);
    else wrong.push(entry);
  }
  return { modes, wrong };
}

function isDriftMode(word: string): word is DriftMode {
  return DRIFT_MODES.some((mode) => mode === word);
}

function unclear(annotation: string, words: readonly string[], why: string): string[] {
  if (words.length === 0) return [];
  const shown = shorten(words.join(', '), MAX_WORD);
  return [
    `annotation ${annotation} says ${shown}, which counts for nothing: ${why} (Kind/namespace/name, Kind/name without a namespace)`,
  ];
}
