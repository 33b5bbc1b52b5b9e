import { defineCommand } from '../shell/command.ts';
import { RUN_OPTIONS } from './options.ts';

/** `sailwright run` */
export const RUN = defineCommand({
  words: ['run'],
  summary: 'run the operator',
  about: 'Runs the operator: in a pod, or beside a cluster that a kubeconfig names.',
  forms: ['[options]'],
  operands: [],
  options: RUN_OPTIONS,
  examples: [
    ['sailwright run', 'as the Deployment of config/manager does'],
    ['sailwright run --context dev --webhook-url https://192.168.1.5:9443', 'beside a cluster, on your machine'],
  ],
  exitCodes: {
    0: 'stopped when told',
    1: 'stopped by itself; the log says why',
    2: 'wrong command line or kubeconfig',
  },
  badInput: 2,
  environment: {
    KUBECONFIG: 'the kubeconfig, unless --kubeconfig is given; neither is needed in a pod',
    POD_NAMESPACE: 'the namespace, unless --namespace is given',
    POD_NAME: 'what this replica is called in the Lease and in events',
    SAILWRIGHT_DEFAULT_HUB: 'image hub in place of the built-in one',
    SAILWRIGHT_DEFAULT_TAG: 'image tag in place of the built-in one',
  },
  load: async () => {
    // Before anything else is loaded: what comes lives in the heap that this limits.
    (await import('../../runtime/limit-memory.ts')).limitMemory();
    return (await import('./run.ts')).runOperator;
  },
});
