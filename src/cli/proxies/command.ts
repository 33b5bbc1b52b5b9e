import { defineCommand } from '../shell/command.ts';
import { PROXIES_OPTIONS } from './options.ts';

/** `sailwright proxies` */
export const PROXIES = defineCommand({
  words: ['proxies'],
  summary: 'the proxies of the mesh: their versions, and which of them a restart would change',
  about: [
    'Injects the pods that the workloads of the mesh would create now, as admission would, and compares them with the ' +
      'pods that run. What the API server fills in, and what other admission and autoscalers set, is no difference.',
    'current: a restart changes nothing. image: another image, and nothing else. changed: the fields are named. losing: ' +
      'the next pod would have no proxy. refused: injection would refuse the next pod. installed: of a workload ' +
      'that the operator writes with its proxy in full, such as an ingress gateway, and renews by itself. foreign: ' +
      'another proxy that injection did not make, such as a gateway of the Gateway API. unknown: something could not be read. Pods that no workload made, or whose workload cannot be ' +
      'read, are injected once more as they are: what would only go away is not seen there.',
  ].join('\n\n'),
  forms: ['[options]'],
  operands: [],
  options: PROXIES_OPTIONS,
  examples: [
    ['sailwright proxies', 'every workload'],
    ['sailwright proxies --stale -n shop', 'what of one namespace a restart would change'],
    ['sailwright proxies --pods -o json', 'each pod with each field that differs, for programs'],
  ],
  json: {
    'proxies[].namespace, .pod': 'the pod',
    'proxies[].workload.kind, .workload.name': 'what made it, as the mesh names it',
    'proxies[].version': "tag of the proxy's image",
    'proxies[].revision': 'of the control plane that injected it; `default` for the one without a name',
    'proxies[].state': '`current`, `image`, `changed`, `losing`, `refused`, `installed`, `foreign` or `unknown`',
    'proxies[].differences[].path': 'of the field, for `image` and `changed`',
    'proxies[].differences[].before, .after': 'what it is, and what it would be; left out where it is not set',
    'proxies[].why': 'for all other states but `current`',
    'unread[].kind, .why': 'what the rights do not show; it counts as empty',
  },
  exitCodes: { 0: 'told', 2: 'wrong command line, or no cluster' },
  badInput: 2,
  load: async () => (await import('./proxies.ts')).runProxies,
});
