import type { ConditionReason, VersionConditionType } from '../../api/install/conditions.ts';
import type { StatusCondition } from '../../api/install/istio-operator-status.ts';
import { newerThan } from '../istio/registry.ts';
import { parseRelease, type IstioRelease } from '../istio/release.ts';

interface Found {
  type: VersionConditionType;
  status: 'True' | 'False';
  reason: ConditionReason;
  message: string;
}

/** Whether a newer release could be had, and whether the one that runs is a preview. */
export function computeVersionConditions(
  release: IstioRelease,
  previous: readonly StatusCondition[],
  at: { generation: number; now: string },
): StatusCondition[] {
  return [judgeUpgrade(release), ...judgePreview(release)].map((found) => {
    const before = previous.find(({ type }) => type === found.type);
    const lastTransitionTime = before?.status === found.status ? before.lastTransitionTime : at.now;
    return { ...found, observedGeneration: at.generation, lastTransitionTime };
  });
}

function judgeUpgrade(release: IstioRelease): Found {
  const { minor, support } = release.version;
  const newer = newerReleases(release);
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
        message: `newer than ${release.name}: ${newer.join(', ')}; ${end}`,
      };
}

/** Newest first; previews are nothing to upgrade to. */
function newerReleases({ version, name }: IstioRelease): string[] {
  const minors = newerThan(version).filter(({ isPreview }) => !isPreview);
  const patch = (release: string): number => parseRelease(release)?.patch ?? 0;
  const isOldPatch = patch(name) < patch(version.defaultTag);
  return [...minors.map(({ defaultTag }) => defaultTag), ...(isOldPatch ? [version.defaultTag] : [])];
}

function judgePreview({ version }: IstioRelease): Found[] {
  if (!version.isPreview) return [];
  const message = `Istio ${version.minor} is a preview: not all that is rendered, injected and refused could be held against Istio`;
  return [{ type: 'PreviewVersion', status: 'True', reason: 'Preview', message }];
}
