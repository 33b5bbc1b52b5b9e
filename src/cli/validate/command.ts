import { defineCommand } from '../shell/command.ts';
import { VALIDATE_OPTIONS } from './options.ts';

/** `sailwright validate` */
export const VALIDATE = defineCommand({
  words: ['validate'],
  summary: "judge Istio's resources in files as admission does",
  about:
    "Tells what a cluster says when Istio's resources and IstioOperators in files and directories are applied: by the " +
    'definitions of the kinds, and by the webhooks. Objects of other kinds are passed over. For programs there is a line ' +
    'of JSON, or a document of YAML, for each resource.',
  forms: ['-f PATH... [options]'],
  operands: [{ name: 'PATH', about: 'as -f PATH', many: true }],
  options: VALIDATE_OPTIONS,
  examples: [
    ['sailwright validate -f mesh/', 'everything below a directory'],
    ['kubectl kustomize mesh/ | sailwright validate -f - -o json', 'what kustomize makes, one line of JSON for each'],
  ],
  exitCodes: { 0: 'no errors', 1: 'errors', 2: 'wrong command line, or a file that cannot be read' },
  badInput: 2,
  environment: {
    SAILWRIGHT_DEFAULT_HUB: 'image hub in place of the built-in one',
    SAILWRIGHT_DEFAULT_TAG: 'image tag in place of the built-in one',
  },
  load: async () => (await import('./validate.ts')).runValidate,
});
