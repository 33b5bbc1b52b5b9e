import { defineCommand } from '../shell/command.ts';
import { PRECHECK_OPTIONS } from './options.ts';

/** `sailwright precheck` */
export const PRECHECK = defineCommand({
  words: ['precheck'],
  summary: 'look for what speaks against an upgrade of Istio in place',
  about: [
    'Looks at the cluster as the operator does before it begins an upgrade to another minor: the step itself, ' +
      'Kubernetes, the versions of proxies, environment variables that are gone or mean something else, definitions of ' +
      'the Gateway API, other injectors, EnvoyFilters, and whether the mesh runs and has room. What the resource sets ' +
      'and the new release does not take as it was is told too. Nothing is written.',
    'What blocks stops the operator; annotation sailwright.dev/skip-precheck of the IstioOperator passes over it by its ' +
      'code. docs/guides/upgrade.md has the codes.',
  ].join('\n\n'),
  forms: ['[NAME] [options]'],
  operands: [{ name: 'NAME', about: 'of an IstioOperator; all of them unless told' }],
  options: PRECHECK_OPTIONS,
  examples: [
    ['sailwright precheck', 'the next minor, for every IstioOperator'],
    ['sailwright precheck mesh -n istio-system --to 1.31 -o json', 'one of them, for programs'],
    ['sailwright precheck --from 1.30.5', 'a mesh that another installer made'],
  ],
  exitCodes: { 0: 'nothing blocks', 1: 'something blocks', 2: 'wrong command line, or no cluster' },
  badInput: 2,
  load: async () => (await import('./precheck.ts')).runPrecheck,
});
