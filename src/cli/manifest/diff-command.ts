import { defineCommand } from '../shell/command.ts';
import { DIFF_OPTIONS } from './diff-options.ts';

/** `sailwright manifest diff` */
export const DIFF = defineCommand({
  words: ['manifest', 'diff'],
  summary: 'compare two manifests, or an IstioOperator with the cluster',
  about: [
    'With two files: compares the manifests. A file with an IstioOperator is rendered first; one with other objects is ' +
      'taken as it is. "-" is standard input.',
    'With -f: compares what the operator would apply with what is in the cluster, by dry runs on the API server. ' +
      'Fields of other managers are left out: replicas of an autoscaler, caBundle, defaults. Nothing is written.',
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
    SAILWRIGHT_DEFAULT_HUB: 'image hub in place of the built-in one',
    SAILWRIGHT_DEFAULT_TAG: 'image tag in place of the built-in one',
    NO_COLOR: 'no colours unless --color always',
  },
  load: async () => (await import('./diff.ts')).runManifestDiff,
});
