import { VERSION } from '../../version.ts';
import { defineCommand, type Runner } from '../shell/command.ts';
import { VERSION_OPTIONS } from './options.ts';

/** `sailwright version` */
export const VERSION_COMMAND = defineCommand({
  words: ['version'],
  summary: 'print the version, with --cluster also of what runs there',
  about:
    'Prints the version of this program. With --cluster also those of the operators and of the control planes of a ' +
    'cluster, whoever installed them; sailwright status tells more.',
  forms: ['[options]'],
  operands: [],
  options: VERSION_OPTIONS,
  examples: [
    ['sailwright version', 'the version alone in a line; asks no cluster'],
    ['sailwright version --cluster', 'whether operator and control planes are of the same'],
    ['sailwright version --cluster -o json', 'for programs'],
  ],
  json: {
    version: 'of this program',
    'operators[].namespace, .name, .version, .replicas':
      "with --cluster: the operator's Deployments; replicas are `ready` and `wanted`",
    'controlPlanes[]':
      'with --cluster: `namespace`, `revision` (empty for the one without a name), `release`, `supportEnds`, `replicas`',
    'unread[].kind, .why': 'with --cluster: what the rights do not show; it counts as empty',
  },
  exitCodes: { 0: 'done', 2: 'wrong command line, or no cluster' },
  badInput: 2,
  // What is asked most often waits for no other file.
  load: () =>
    Promise.resolve<Runner<typeof VERSION_OPTIONS>>(async (call, io) => {
      const { cluster, output, kubeconfig, context } = call.flags;
      if (cluster || output !== 'text' || kubeconfig !== undefined || context !== undefined)
        return (await import('./version.ts')).runVersion(call, io);
      io.out(`${VERSION}\n`);
      return 0;
    }),
});
