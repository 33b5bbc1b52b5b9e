import { chooseRelease } from '../../core/istio/choose-release.ts';
import type { IstioRelease } from '../../core/istio/release.ts';
import { formatProblem } from '../../core/problem.ts';
import { UsageError } from './usage-error.ts';

/** The release that `--istio-version` names, else the usual one. @throws UsageError */
export function parseIstioVersion(asked: string | undefined): IstioRelease {
  const choice = chooseRelease({ asked });
  if (choice.ok) return choice.value;
  throw new UsageError(choice.problems.map(formatProblem).join('; '));
}
