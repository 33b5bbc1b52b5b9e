import { defineCommand } from '../shell/command.ts';
import { REPORT_OPTIONS } from './options.ts';

/** `sailwright report` */
export const REPORT = defineCommand({
  words: ['report'],
  summary: 'write what there is to say of a mesh to one page',
  about: [
    'Writes one file about a mesh: installations with their conditions and the end of support, proxies that a restart ' +
      'would bring to another version and why, mutual TLS and what STRICT would break, findings of analysis, pods that injection missed, ' +
      'webhooks and their certificates. It needs no server to be looked at, and holds no Secret and no spec.',
    'With -f it tells of files, as far as these say it; else of the cluster, where it writes nothing. What your rights ' +
      'do not show is named in it. docs/reference/report.md describes the JSON.',
  ].join('\n\n'),
  forms: ['-o FILE [options]', '-o FILE -f PATH... [options]'],
  operands: [],
  options: REPORT_OPTIONS,
  examples: [
    ['sailwright report -o report.html', 'a page about the cluster, to look at or to mail'],
    ['sailwright report -o report.json -f mesh/', 'files, for programs'],
    ['sailwright report -o - | jq .findings.errors', 'one number'],
  ],
  exitCodes: { 0: 'written', 2: 'wrong command line, a file that cannot be read or written, or no cluster' },
  badInput: 2,
  load: async () => (await import('./report.ts')).runReport,
});
