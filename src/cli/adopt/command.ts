import { defineCommand } from '../shell/command.ts';
import { ADOPT_OPTIONS } from './options.ts';

/** `sailwright adopt` */
export const ADOPT = defineCommand({
  words: ['adopt'],
  summary: 'take over a mesh that istioctl, Helm or another operator installed',
  about: [
    'Finds the control plane, makes the IstioOperator that renders what is there, and tells for each object whether it ' +
      'stays as it is, what changes, and whether pods restart. Others that still write the same objects (a HelmRelease ' +
      "of Flux, an Application of Argo CD, the Sail operator) are named. Nothing is written, by the operator's own code " +
      'and dry runs.',
    "With --yes: keeps a record of everything, stops Istio's former operator, hides the releases from Helm, so that " +
      '"helm uninstall" cannot take the mesh away, and writes the IstioOperator with the consent that the operator asks ' +
      'for. With --undo: pauses the operator and brings everything back as recorded, down to the owners of fields.',
  ].join('\n\n'),
  forms: ['[options]', '--yes [options]', '--undo [options]'],
  operands: [],
  options: ADOPT_OPTIONS,
  examples: [
    ['sailwright adopt', 'what would become of the mesh in istio-system'],
    ['sailwright adopt --resource > mesh.yaml', 'the IstioOperator that stands for it'],
    ['sailwright adopt --yes', 'hand over'],
    ['sailwright adopt --undo', 'and back'],
  ],
  exitCodes: { 0: 'planned without an obstacle, or done', 1: 'something is in the way, or it was not done in time' },
  badInput: 1,
  load: async () => (await import('./adopt.ts')).runAdopt,
});
