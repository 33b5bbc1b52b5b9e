import { defineCommand } from '../shell/command.ts';
import { UNINSTALL_OPTIONS } from './options.ts';

/** `sailwright uninstall` */
export const UNINSTALL = defineCommand({
  words: ['uninstall'],
  summary: 'remove a mesh, or leave one that istiod runs alone',
  about: [
    'Tells what would go with each IstioOperator, and which namespaces, pods, tags and gateways still use it. With --yes ' +
      'it deletes the resource and waits until the operator has removed what it installed; what is in use goes with ' +
      '--force only: pods that start then have no sidecar. Definitions and namespaces stay, and so do resources of Istio.',
    'With --keep-mesh it removes nothing, and makes the mesh independent of the operator. What istiod needs is written first (templates of ' +
      'injection, its rights), then istiod is rolled out while the operator answers webhooks, then webhooks lead to istiod, ' +
      'trust its certificate and are looked after by it, and at last the IstioOperator is deleted without anything that it ' +
      'installed. Proxies and gateways are not restarted. The operator pauses meanwhile.',
    'It works with your rights, not with those of the operator. When no IstioOperator is left, the operator itself can ' +
      'be removed as it was installed.',
  ].join('\n\n'),
  forms: ['[NAME] [options]', '--keep-mesh [NAME] [options]'],
  operands: [{ name: 'NAME', about: 'of an IstioOperator; all of them unless told' }],
  options: UNINSTALL_OPTIONS,
  examples: [
    ['sailwright uninstall', 'what would go, and who uses it'],
    ['sailwright uninstall --yes', 'remove every mesh'],
    ['sailwright uninstall --keep-mesh', 'what would change'],
    ['sailwright uninstall --keep-mesh --yes', 'leave the mesh to istiod'],
  ],
  exitCodes: {
    0: 'told, or done',
    1: 'something is in the way, or it was not done in time',
    2: 'wrong command line, or no cluster',
  },
  badInput: 2,
  environment: {
    SAILWRIGHT_DEFAULT_HUB: 'image hub in place of the built-in one, unless the operator in the cluster has its own',
    SAILWRIGHT_DEFAULT_TAG: 'image tag, likewise',
  },
  load: async () => (await import('./uninstall.ts')).runUninstall,
});
