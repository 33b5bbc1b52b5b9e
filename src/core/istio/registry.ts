import type { LaterFields } from '../../api/later-fields.ts';
import type { Additions, IstioVersion } from './istio-version.ts';
import { ISTIO_1_30 } from './v1-30/index.ts';
import { ISTIO_1_31 } from './v1-31/index.ts';
import { ISTIO_1_32 } from './v1-32/index.ts';

/** The minors of Istio that this binary knows, the newest first. A new one is a folder and a line here. */
export const ISTIO_VERSIONS: readonly IstioVersion[] = [ISTIO_1_32, ISTIO_1_31, ISTIO_1_30];

/** What is rendered where nothing names a minor: the newest that is no preview. */
export const DEFAULT_VERSION: IstioVersion = ISTIO_VERSIONS.find(({ isPreview }) => !isPreview) ?? ISTIO_1_31;

/** The version of a minor such as `1.5`; undefined for one that this binary does not know. */
export function findVersion(minor: string): IstioVersion | undefined {
  return ISTIO_VERSIONS.find((version) => version.minor === minor);
}

/** The minors that are known, in words. */
export function listMinors(): string {
  return ISTIO_VERSIONS.map(({ minor, isPreview }) => (isPreview ? `${minor} (preview)` : minor)).join(', ');
}

/** The versions that are newer than this one, the newest first. */
export function newerThan({ minor }: IstioVersion): readonly IstioVersion[] {
  return ISTIO_VERSIONS.slice(
    0,
    ISTIO_VERSIONS.findIndex((version) => version.minor === minor),
  );
}

const LATER = new Map<string, LaterFields>();

/** What newer minors added: unknown to this one. */
export function laterFields(version: IstioVersion): LaterFields {
  const known = LATER.get(version.minor);
  if (known) return known;
  const later = new Map<string, Map<string, string>>();
  for (const { minor, added } of newerThan(version)) collect(later, minor, added);
  LATER.set(version.minor, later);
  return later;
}

/** Codes of analysis that newer minors added. */
export function laterMessages(version: IstioVersion): ReadonlySet<string> {
  return new Set(newerThan(version).flatMap(({ addedMessages }) => addedMessages));
}

/** The minor that added an annotation which this one does not know yet. */
export function minorOfLaterAnnotation(version: IstioVersion, annotation: string): string | undefined {
  return newerThan(version).find(({ addedAnnotations }) => addedAnnotations.includes(annotation))?.minor;
}

function collect(later: Map<string, Map<string, string>>, minor: string, added: Additions): void {
  for (const [message, names] of Object.entries(added)) {
    const fields = later.get(message) ?? new Map<string, string>();
    for (const name of names) fields.set(name, minor);
    later.set(message, fields);
  }
}
