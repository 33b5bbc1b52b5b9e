import type { IstioVersion } from '../istio-version.ts';
import { ISTIO_1_31 } from '../v1-31/index.ts';
import { ADDITIONS } from './additions.ts';
import { COMPATIBILITY_VERSIONS } from './compatibility-versions.ts';
import { FLAGS } from './flags.ts';
import { PLATFORMS } from './platforms.ts';
import { TRAITS } from './traits.ts';

/** Istio 1.32: 1.31 but for what stands here. A preview: docs/reference/istio-versions.md lists what is unproven. */
export const ISTIO_1_32: IstioVersion = {
  ...ISTIO_1_31,
  minor: '1.32',
  isPreview: true,
  support: { released: 'between 2026-10-26 and 2026-11-10', ends: 'about summer 2027' },
  defaultHub: 'docker.io/istio',
  defaultTag: '1.32.0',
  traits: TRAITS,
  earlier: [],
  platforms: PLATFORMS,
  compatibilityVersions: COMPATIBILITY_VERSIONS,
  added: ADDITIONS,
  flags: FLAGS,
  variables: [...ISTIO_1_31.variables, ...Object.keys(FLAGS.added)],
  addedAnnotations: [],
  addedMessages: [],
};
