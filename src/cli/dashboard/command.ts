import { defineCommand } from '../shell/command.ts';
import { DASHBOARD_OPTIONS } from './options.ts';

/** `sailwright dashboard` */
export const DASHBOARD = defineCommand({
  words: ['dashboard'],
  summary: 'show the page of a mesh, and keep it up to date',
  about: [
    'Serves the page that sailwright report writes, from the cluster as it is now, until Ctrl-C ends it. It reads by your ' +
      'kubeconfig while somebody looks, about every ten seconds, and writes nothing.',
    'Only this machine reaches it: it listens at 127.0.0.1 and answers nobody who calls it by another name. Whoever can ' +
      'use this machine can look at the page; it holds no Secret and no spec.',
  ].join('\n\n'),
  forms: ['[options]'],
  operands: [],
  options: DASHBOARD_OPTIONS,
  examples: [
    ['sailwright dashboard', 'at http://127.0.0.1:7700/'],
    ['sailwright dashboard --context prod --port 0', 'another cluster, at any port that is free'],
  ],
  exitCodes: { 0: 'ended by Ctrl-C', 2: 'wrong command line, no cluster, or a port that cannot be had' },
  badInput: 2,
  load: async () => (await import('./dashboard.ts')).runDashboard,
});
