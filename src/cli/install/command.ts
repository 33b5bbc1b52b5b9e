import { defineCommand } from '../shell/command.ts';
import { INSTALL_OPTIONS } from './options.ts';

/** `sailwright install` */
export const INSTALL = defineCommand({
  words: ['install'],
  summary: 'bring the operator and a mesh into a cluster',
  about: [
    'Applies the operator (what config/default holds) and an IstioOperator: of the files, with --profile and --set on ' +
      'top, else one of the default profile, called istio in namespace istio-system. By dry runs it tells first what ' +
      'would change, and asks; without a terminal it needs --yes. Then it follows the installation until all of it is ' +
      'ready.',
    'Everything is written by server-side apply, by the field manager sailwright-cli. Fields that others set, such as ' +
      'kubectl or a GitOps tool, are taken over with --force only. Nothing is rolled back when it is ended early: the ' +
      'same command goes on from there, and on a mesh that is as it should be it changes nothing.',
  ].join('\n\n'),
  forms: ['[-f FILE]... [options]', '--operator-only [options]'],
  operands: [],
  options: INSTALL_OPTIONS,
  examples: [
    ['sailwright install', 'the default profile, after a question'],
    [
      'sailwright install --profile minimal --set meshConfig.accessLogFile=/dev/stdout -y',
      'istiod alone, without a question',
    ],
    ['sailwright install -f mesh.yaml --dry-run', 'what would change'],
  ],
  exitCodes: {
    0: 'installed, or told',
    1: 'not installed, or not ready in time',
    2: 'wrong command line, or no cluster',
  },
  badInput: 1,
  environment: {
    SAILWRIGHT_DEFAULT_HUB: 'image hub by which the resource is judged, unless the operator in the cluster has its own',
    SAILWRIGHT_DEFAULT_TAG: 'image tag, likewise',
  },
  load: async () => (await import('./install.ts')).runInstall,
});
