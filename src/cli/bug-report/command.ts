import { defineCommand } from '../shell/command.ts';
import { BUG_REPORT_OPTIONS } from './options.ts';

/** `sailwright bug-report` */
export const BUG_REPORT = defineCommand({
  words: ['bug-report'],
  summary: 'gather what helps others to find a fault, without secrets, into one archive',
  about: [
    'Writes what sailwright status, proxies and analyze tell, the IstioOperators, the resources of Istio, webhook ' +
      'configurations, the workloads and events of the control plane and of the operator, and how pods with a proxy fare.',
    'Secrets are never read. Of what is read, values go that a name calls secret (password, token, key and so on), keys, ' +
      'certificates and tokens by their form, logins in URLs, configurations of plugins, and what kubectl noted down of ' +
      'whole objects; of pods there are no variables and no arguments. Host names, image names and the names of your ' +
      'workloads stay: look through the archive before you give it away. Logs are not in it; contents.txt names the ' +
      'commands that show them.',
  ].join('\n\n'),
  forms: ['[-o FILE] [options]'],
  operands: [],
  options: BUG_REPORT_OPTIONS,
  examples: [
    ['sailwright bug-report', 'into sailwright-bug-report.tgz'],
    ['sailwright bug-report -o - | tar tz', 'what is in it'],
  ],
  exitCodes: { 0: 'written', 2: 'wrong command line, no cluster, or a file that cannot be written' },
  badInput: 2,
  load: async () => (await import('./bug-report.ts')).runBugReport,
});
