import { defineCommand } from '../shell/command.ts';
import { DIFF_OPTIONS } from './diff-options.ts';

/** `sailwright manifest diff` */
export const DIFF = defineCommand({
  words: ['manifest', 'diff'],
  summary: 'compare two manifests, or an IstioOperator with the cluster',
  about: [
    'With two files: compares the manifests. A file with an IstioOperator is rendered first; one with other objects is ' +
      'taken as it is. "-" is standard input.',
    'With -f: plans the pass that the operator would begin if the resource were stored as it is in the file, by the same ' +
      'code and by dry runs on the API server, and tells what it would create, change, make anew and remove, with the ' +
      'CA bundles and failure policies that it keeps in webhooks. Where the operator is, its flags and its image ' +
      'defaults are read from the cluster. Fields of others are left out: replicas of an autoscaler, defaults. A pause, ' +
      'a missing consent, a revision in use and a gateway without an injector are warnings; what cannot be read or ' +
      'would be refused is a problem. Nothing is written.',
  ].join('\n\n'),
  forms: ['A B [options]', '-f FILE [options]'],
  operands: [
    { name: 'A', about: 'what was before' },
    { name: 'B', about: 'what is after' },
  ],
  options: DIFF_OPTIONS,
  examples: [
    ['sailwright manifest diff old.yaml new.yaml', 'what a change of the resource changes in the objects'],
    ['sailwright manifest diff -f mesh.yaml', 'what the operator would do in the cluster'],
    ['kubectl get all -n istio-system -o yaml | sailwright manifest diff - mesh.yaml', 'other objects on one side'],
  ],
  exitCodes: { 0: 'no difference', 1: 'differences', 2: 'wrong command line, an input with errors, or no cluster' },
  badInput: 2,
  environment: {
    SAILWRIGHT_DEFAULT_HUB: 'image hub in place of the built-in one, unless the operator in the cluster has its own',
    SAILWRIGHT_DEFAULT_TAG: 'image tag, likewise',
    NO_COLOR: 'no colours unless --color always',
  },
  load: async () => (await import('./diff.ts')).runManifestDiff,
});
