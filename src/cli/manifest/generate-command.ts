import { defineCommand } from '../shell/command.ts';
import { GENERATE_OPTIONS } from './generate-options.ts';

/** `sailwright manifest generate` */
export const GENERATE = defineCommand({
  words: ['manifest', 'generate'],
  summary: 'print the objects that an IstioOperator asks for',
  about: 'Prints the Kubernetes objects that IstioOperator resources ask for, in the order in which to apply them.',
  forms: ['[-f FILE]... [options]'],
  operands: [],
  options: GENERATE_OPTIONS,
  examples: [
    ['sailwright manifest generate -f mesh.yaml', 'what would be applied'],
    ['sailwright manifest generate --profile ambient --set hub=example.com/istio', 'a profile, without a file'],
    ['sailwright manifest generate -f mesh.yaml -f production.yaml --upstream', "two files, as Istio's tool has it"],
  ],
  exitCodes: { 0: 'done', 1: 'the input has errors', 2: 'wrong command line' },
  badInput: 1,
  environment: {
    SAILWRIGHT_DEFAULT_HUB: 'image hub in place of the built-in one',
    SAILWRIGHT_DEFAULT_TAG: 'image tag in place of the built-in one',
  },
  load: async () => (await import('./generate.ts')).runManifestGenerate,
});
