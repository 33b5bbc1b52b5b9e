import { ROLL_BACK_ANNOTATION, VERSION_ANNOTATION } from '../../api/our-names.ts';
import type { Problem } from '../problem.ts';
import { DEFAULT_VERSION, findVersion, listMinors } from './registry.ts';
import { parseRelease, releaseOf, type IstioRelease } from './release.ts';

/** What may say which release a resource wants, the strongest first. Text is read as it came. */
export interface ReleaseWishes {
  /** `--istio-version`. */
  asked?: string | undefined;
  /** Annotation {@link VERSION_ANNOTATION}. */
  annotation?: unknown;
  /** Tag of the images, with the field that says it. */
  tag?: { path: string; text: string } | undefined;
  /** Annotation {@link ROLL_BACK_ANNOTATION}, and the release before the last upgrade by the status. */
  rollBack?: { wanted: unknown; to: unknown } | undefined;
  /** Minor that the status says to be installed. */
  recorded?: unknown;
  /** Tag that the installation puts in the place of the built-in one. */
  defaultTag?: string | undefined;
}

/** The release, or why there is none. */
export type ReleaseChoice =
  { ok: true; value: IstioRelease; warnings: Problem[] } | { ok: false; problems: Problem[]; warnings: Problem[] };

/** A field that names a minor or a release, and what it says. */
interface Wish {
  path: string;
  text: string;
}

const ANNOTATION_PATH = `metadata.annotations["${VERSION_ANNOTATION}"]`;
const ROLL_BACK_PATH = `metadata.annotations["${ROLL_BACK_ANNOTATION}"]`;
const MINOR = /^v?(\d+\.\d+)$/;

/**
 * Which release a resource gets: what is asked for or annotated, else the minor that its tag is a release of, else the
 * one that is installed, else the newest that is no preview. So a newer operator upgrades no mesh by itself.
 */
export function chooseRelease(wishes: ReleaseWishes): ReleaseChoice {
  const { tag, recorded, defaultTag } = wishes;
  const explicit = chooseExplicitly(wishes);
  if (explicit) return explicit;
  const tagged = tag && parseRelease(tag.text);
  if (tag && tagged) return decideByMinor(tag, tagged.minor, tag.text);
  const stored = wishOf('status.istioVersion', recorded);
  if (stored) return decideExplicit(stored, undefined);
  const version = findVersion(parseRelease(defaultTag ?? '')?.minor ?? '') ?? DEFAULT_VERSION;
  return accept(releaseOf(version, defaultTag));
}

/** What is asked for by a command or an annotation; of the annotations, the one that goes back. */
function chooseExplicitly({ asked, annotation, rollBack, tag }: ReleaseWishes): ReleaseChoice | undefined {
  const commanded = wishOf('--istio-version', asked);
  if (commanded) return decideExplicit(commanded, tag);
  const back = wishOf(ROLL_BACK_PATH, rollBack?.wanted);
  if (back && back.text !== 'false') return decideRollBack(back, rollBack?.to, tag);
  const annotated = wishOf(ANNOTATION_PATH, annotation);
  return annotated && decideExplicit(annotated, tag);
}

function wishOf(path: string, value: unknown): Wish | undefined {
  if (value === undefined || value === null || value === '') return undefined;
  return { path, text: typeof value === 'string' ? value : JSON.stringify(value) };
}

function accept(value: IstioRelease, ...warnings: Problem[]): ReleaseChoice {
  return { ok: true, value, warnings };
}

function refuse(problem: Problem): ReleaseChoice {
  return { ok: false, problems: [problem], warnings: [] };
}

function decideExplicit(wish: Wish, tag: Wish | undefined): ReleaseChoice {
  const minor = minorIn(wish.text);
  if (minor === undefined) return refuse(malformed(wish));
  const tagged = tag && parseRelease(tag.text) ? tag : undefined;
  if (!tagged) return decideByMinor(wish, minor, wish.text);
  const isSame = parseRelease(tagged.text)?.minor === minor;
  // The patch may stand in the tag.
  const choice = decideByMinor(wish, minor, isSame && MINOR.test(wish.text) ? tagged.text : wish.text);
  if (choice.ok && !isSame) choice.warnings.push(disagreement(wish, tagged));
  return choice;
}

/** The release before the last upgrade, which only a tag of another minor can keep from being had. */
function decideRollBack({ path, text }: Wish, to: unknown, tag: Wish | undefined): ReleaseChoice {
  if (text !== 'true') {
    return refuse({ path, code: 'RollBackInvalid', message: `must be "true" or "false", got ${JSON.stringify(text)}` });
  }
  if (typeof to !== 'string' || to === '') {
    const message = 'there is no release to go back to: none was upgraded here';
    return refuse({ path, code: 'RollBackInvalid', message, hint: `name one in annotation ${VERSION_ANNOTATION}` });
  }
  const tagged = tag && parseRelease(tag.text)?.minor;
  if (tag && tagged !== undefined && tagged !== parseRelease(to)?.minor) {
    const message = `${tag.path} names images of ${tag.text}, and before the upgrade ${to} ran`;
    return refuse({ path, code: 'RollBackInvalid', message, hint: `set ${tag.path} to ${to}, or leave it out` });
  }
  return decideExplicit({ path, text: to }, tag);
}

/** The minor that a text names alone or as a part of a release. */
function minorIn(text: string): string | undefined {
  return parseRelease(text)?.minor ?? MINOR.exec(text)?.[1];
}

function disagreement(wish: Wish, { path, text }: Wish): Problem {
  const message = `names release ${text} of Istio, but ${wish.path} asks for ${wish.text}: images of one minor run with settings of another`;
  return { path, code: 'VersionsDiffer', message, hint: 'make them agree' };
}

function malformed({ path, text }: Wish): Problem {
  const { minor, defaultTag } = DEFAULT_VERSION;
  const examples = `such as "${minor}" or "${defaultTag}"`;
  return {
    path,
    code: 'VersionInvalid',
    message: `must be a minor or a release of Istio, ${examples}, got ${JSON.stringify(text)}`,
  };
}

function decideByMinor({ path, text }: Wish, minor: string, release: string | undefined): ReleaseChoice {
  const version = findVersion(minor);
  if (version) return accept(releaseOf(version, release));
  const hint =
    path === ANNOTATION_PATH || path.startsWith('-')
      ? `supported: ${listMinors()}`
      : `supported: ${listMinors()}; for images of another version, name the minor in annotation ${VERSION_ANNOTATION}`;
  return refuse({
    path,
    code: 'VersionUnsupported',
    message: `Istio ${minor} is not supported, got ${JSON.stringify(text)}`,
    hint,
  });
}
