import type { ConditionReason, VersionConditionType } from '../../api/install/conditions.ts';
import type { StatusCondition } from '../../api/status-condition.ts';
import { listFlagMoves } from '../istio/flags.ts';
import type { IstioVersion } from '../istio/istio-version.ts';
import { describePreview } from '../istio/preview.ts';
import { newerThan } from '../istio/registry.ts';
import { parseRelease, type IstioRelease } from '../istio/release.ts';
import { boundText } from './bound-text.ts';

const MAX_MESSAGE = 4096;

/** What runs, and the variables of istiod and proxies that the resource sets. */
export interface InstalledRelease {
  release: IstioRelease;
  variables: readonly string[];
}

interface Found {
  type: VersionConditionType;
  status: 'True' | 'False';
  reason: ConditionReason;
  message: string;
}

/** Whether a newer release could be had, and whether the one that runs is a preview. */
export function computeVersionConditions(
  installed: InstalledRelease,
  previous: readonly StatusCondition[],
  at: { generation: number; now: string },
): StatusCondition[] {
  return [judgeUpgrade(installed), ...judgePreview(installed.release)].map((found) => {
    const before = previous.find(({ type }) => type === found.type);
    const lastTransitionTime = before?.status === found.status ? before.lastTransitionTime : at.now;
    return { ...found, observedGeneration: at.generation, lastTransitionTime };
  });
}

function judgeUpgrade({ release, variables }: InstalledRelease): Found {
  const { minor, support } = release.version;
  const minors = newerMinors(release.version);
  const newer = newerReleases(release, minors);
  const end = `support of ${minor} ends ${support.ends}`;
  const type = 'UpgradeAvailable';
  return newer.length === 0
    ? {
        type,
        status: 'False',
        reason: 'NewestRelease',
        message: `no newer release than ${release.name} is known; ${end}`,
      }
    : {
        type,
        status: 'True',
        reason: 'NewerRelease',
        message: boundText(
          [`newer than ${release.name}: ${newer.join(', ')}`, end, ...describeMoves(variables, minors)].join('; '),
          MAX_MESSAGE,
        ),
      };
}

/** Newest first; previews are nothing to upgrade to. */
function newerMinors(version: IstioVersion): IstioVersion[] {
  return newerThan(version).filter(({ isPreview }) => !isPreview);
}

function newerReleases({ version, name }: IstioRelease, minors: readonly IstioVersion[]): string[] {
  const patch = (release: string): number => parseRelease(release)?.patch ?? 0;
  const isOldPatch = patch(name) < patch(version.defaultTag);
  return [...minors.map(({ defaultTag }) => defaultTag), ...(isOldPatch ? [version.defaultTag] : [])];
}

/** What an upgrade makes of the variables in use. */
function describeMoves(variables: readonly string[], minors: readonly IstioVersion[]): string[] {
  const path = minors.toReversed();
  return [...new Set(variables)].flatMap((name) =>
    listFlagMoves(name, path).map((move) =>
      move.what === 'removed'
        ? `${move.minor} no longer reads ${name}, which is set: ${move.instead}`
        : `${move.minor} changes the default of ${name}, which is set, from "${move.from}" to "${move.to}"`,
    ),
  );
}

function judgePreview({ version }: IstioRelease): Found[] {
  const preview = describePreview(version);
  return preview ? [{ type: 'PreviewVersion', status: 'True', reason: 'Preview', message: preview.message }] : [];
}
