import { defineCommand } from '../shell/command.ts';
import { ANALYZE_OPTIONS } from './options.ts';

/** `sailwright analyze` */
export const ANALYZE = defineCommand({
  words: ['analyze'],
  summary: 'look for mistakes across resources, in files or in the cluster',
  about:
    'Looks for mistakes across resources: references to what does not exist, hosts that are claimed twice, ports that ' +
    'nobody exposes, policies without effect. With -f in files and directories ("-" is standard input), else in the ' +
    'cluster.',
  forms: ['-f PATH... [options]', '[options]'],
  operands: [],
  options: ANALYZE_OPTIONS,
  examples: [
    ['sailwright analyze -f mesh/', 'the files by themselves'],
    ['sailwright analyze -f mesh/ --with-cluster', 'as if they were applied to the cluster'],
    ['sailwright analyze -n shop --failure-threshold Warning', 'one namespace of the cluster; fails on warnings too'],
  ],
  exitCodes: {
    0: 'nothing found at the threshold',
    1: 'found',
    2: 'wrong command line, a file that cannot be read, or no cluster',
  },
  badInput: 2,
  load: async () => (await import('./analyze.ts')).runAnalyze,
});
