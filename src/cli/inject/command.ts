import { defineCommand } from '../shell/command.ts';
import { INJECT_OPTIONS } from './options.ts';

/** `sailwright inject` */
export const INJECT = defineCommand({
  words: ['inject'],
  summary: 'add the sidecar to workloads in a file, or explain why not',
  about:
    "Adds Istio's sidecar to the workloads in a file and prints every document; what is no workload stays as it is. " +
    'With --explain it tells instead why pods get a sidecar or do not.',
  forms: ['-f FILE [--config FILE]', '--explain -f FILE [--config FILE]', '--explain -n NAMESPACE POD'],
  operands: [{ name: 'POD', about: 'with --explain: a pod in the cluster' }],
  options: INJECT_OPTIONS,
  examples: [
    ['kubectl kustomize app/ | sailwright inject -f - | kubectl apply -f -', 'inject without a webhook'],
    ['sailwright inject --explain -n shop web-6b746f74dc-x2x7k', 'why a pod has no sidecar'],
  ],
  exitCodes: { 0: 'done', 1: 'the input or the configuration has errors', 2: 'wrong command line, or no cluster' },
  badInput: 1,
  environment: {
    SAILWRIGHT_DEFAULT_HUB: 'image hub in place of the built-in one',
    SAILWRIGHT_DEFAULT_TAG: 'image tag in place of the built-in one',
  },
  load: async () => (await import('./inject.ts')).runInject,
});
