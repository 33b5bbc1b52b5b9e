import { defineCommand } from '../shell/command.ts';
import { UPGRADE_OPTIONS } from './options.ts';

/** `sailwright upgrade` */
export const UPGRADE = defineCommand({
  words: ['upgrade'],
  summary: 'bring the operator to this version, and with --istio-version the mesh to another release',
  about: [
    'Without --istio-version: applies the operator of this version. Meshes stay on the release that they have.',
    'With it: looks first, as sailwright precheck does, for what speaks against the step, such as that the ' +
      'minor is a preview, and goes no further where something blocks; then sets annotation sailwright.dev/istio-version of each IstioOperator, and follows until it ' +
      'is ready. Istiod and the gateways are replaced in place; sidecars stay as they are until their pods restart ' +
      '(sailwright proxies --stale). docs/guides/upgrade.md has the way with a second revision, too.',
    'What would change is told first, and asked for; without a terminal it needs --yes. The same command goes on where ' +
      'one was ended early.',
  ].join('\n\n'),
  forms: ['[NAME] [options]'],
  operands: [{ name: 'NAME', about: 'of an IstioOperator; all of them unless told' }],
  options: UPGRADE_OPTIONS,
  examples: [
    ['sailwright upgrade', 'the operator'],
    ['sailwright upgrade --istio-version 1.31', 'every mesh, in place'],
  ],
  exitCodes: {
    0: 'upgraded, or told',
    1: 'something blocks, or it was not ready in time',
    2: 'wrong command line, or no cluster',
  },
  badInput: 1,
  load: async () => (await import('./upgrade.ts')).runUpgrade,
});
