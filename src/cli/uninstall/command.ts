import { defineCommand } from '../shell/command.ts';
import { UNINSTALL_OPTIONS } from './options.ts';

/** `sailwright uninstall` */
export const UNINSTALL = defineCommand({
  words: ['uninstall'],
  summary: 'leave a mesh that istiod runs alone',
  about: [
    'With --keep-mesh: makes the mesh independent of the operator. What istiod needs is written first (templates of ' +
      'injection, its rights), then webhooks lead to istiod and trust its certificate, then istiod is rolled out so ' +
      'that it looks after them, and at last the IstioOperator is deleted without anything that it installed. Proxies ' +
      'and gateways are not restarted. The operator pauses meanwhile.',
    'It works with your rights, not with those of the operator. When no IstioOperator is left, the operator itself can ' +
      'be removed as it was installed. To remove the mesh instead, delete the IstioOperator.',
  ].join('\n\n'),
  forms: ['--keep-mesh [NAME] [options]'],
  operands: [{ name: 'NAME', about: 'of an IstioOperator; all of them unless told' }],
  options: UNINSTALL_OPTIONS,
  examples: [
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
