import { chooseRelease } from '../core/istio/choose-release.ts';
import type { IstioRelease } from '../core/istio/release.ts';
import { InputError } from './problem.ts';

/** The release that is asked for, else the usual one. @throws InputError */
export function findRelease(istioVersion: string | undefined): IstioRelease {
  const choice = chooseRelease({ asked: istioVersion });
  if (choice.ok) return choice.value;
  throw new InputError(choice.problems.map((problem) => ({ ...problem, path: 'istioVersion' })));
}
