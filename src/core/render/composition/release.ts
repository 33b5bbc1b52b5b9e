import { ROLL_BACK_ANNOTATION, VERSION_ANNOTATION } from '../../../api/our-names.ts';
import { chooseRelease, type ReleaseWishes } from '../../istio/choose-release.ts';
import { describePreview } from '../../istio/preview.ts';
import { DEFAULT_VERSION, findVersion } from '../../istio/registry.ts';
import { parseRelease, releaseOf, type IstioRelease } from '../../istio/release.ts';
import type { JsonObject } from '../../kube-object.ts';
import type { Problem } from '../../problem.ts';
import { getAt } from '../../values/tree-path.ts';
import { printed } from '../../values/value-tree.ts';
import type { RenderOptions } from '../index.ts';
import type { OperatorInput } from './operator-tree.ts';

const TAGS = [
  ['spec', 'values', 'global', 'tag'],
  ['spec', 'tag'],
] as const;

/** The release that merged documents get; where none can be had, the usual one and a problem. */
export function computeRelease(
  user: JsonObject,
  { form, defaults, istioVersion }: RenderOptions,
  findings: { problems: Problem[]; warnings: Problem[] },
): IstioRelease {
  const choice = chooseRelease({
    asked: istioVersion,
    annotation: getAt(user, ['metadata', 'annotations', VERSION_ANNOTATION]),
    tag: tagOf(user, form === 'upstream'),
    ...(form === 'sailwright' ? recordedIn(user) : {}),
    defaultTag: defaults?.tag,
  });
  findings.warnings.push(...choice.warnings);
  if (!choice.ok) {
    findings.problems.push(...choice.problems);
    return releaseOf(DEFAULT_VERSION);
  }
  const preview = describePreview(choice.value.version);
  if (preview) findings.warnings.push({ path: '', code: 'PreviewVersion', ...preview });
  return choice.value;
}

/** What the status knows of releases. Istio's own tool reads none. */
function recordedIn(user: JsonObject): Pick<ReleaseWishes, 'recorded' | 'rollBack'> {
  const wanted = getAt(user, ['metadata', 'annotations', ROLL_BACK_ANNOTATION]);
  const to = getAt(user, ['status', 'previousRelease']);
  return { recorded: getAt(user, ['status', 'istioVersion']), rollBack: { wanted, to } };
}

/** The tag that images get in the end. Istio's own tool takes any. */
function tagOf(user: JsonObject, isAnyTaken: boolean): ReleaseWishes['tag'] {
  for (const path of TAGS) {
    const text = printed(getAt(user, path));
    if (text === '') continue;
    const minor = parseRelease(text)?.minor ?? '';
    return isAnyTaken && !findVersion(minor) ? undefined : { path: path.join('.'), text };
  }
  return undefined;
}

/** Hub and tag of images where the resource names none: the installation's, unless its tag is of another minor. */
export function imageDefaults(
  { version, name }: IstioRelease,
  { hub = version.defaultHub, tag = name }: NonNullable<RenderOptions['defaults']> = {},
): { hub: string; tag: string } {
  const minor = parseRelease(tag)?.minor ?? version.minor;
  return { hub, tag: minor === version.minor ? tag : name };
}

/** Istio's tool before a certain minor takes the whole of `a=b=c` for a path. */
export function checkSetFlags(
  { setFlags = [] }: OperatorInput,
  { version, traits }: IstioRelease,
  problems: Problem[],
): void {
  if (traits.splitsSetAtFirstEquals) return;
  for (const flag of setFlags.filter((text) => text.split('=').length > 2)) {
    const message = `the command of Istio ${version.minor} reads no value that contains "="`;
    problems.push({ path: `--set ${flag}`, code: 'FlagInvalid', message, hint: 'write the value into a file' });
  }
}
