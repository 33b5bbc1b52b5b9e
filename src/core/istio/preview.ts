import type { IstioVersion } from './istio-version.ts';
import { DEFAULT_VERSION } from './registry.ts';

/** What is to be known of a minor that is a preview, and what to take in its place; undefined of any other. */
export function describePreview({ minor, isPreview }: IstioVersion): { message: string; hint: string } | undefined {
  if (!isPreview) return undefined;
  return {
    message: `Istio ${minor} is a preview: not all that it renders, injects and refuses could be held against Istio`,
    hint: `${DEFAULT_VERSION.minor} is the newest that was`,
  };
}
