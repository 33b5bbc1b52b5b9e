import { defineCommand } from '../shell/command.ts';
import { STATUS_OPTIONS } from './options.ts';

/** `sailwright status` */
export const STATUS = defineCommand({
  words: ['status'],
  summary:
    'what runs: the operator, IstioOperators, control planes, proxies, rollouts, webhooks, certificates, findings',
  about: [
    'Tells on one screen what there is of a mesh and what is wrong with it. The conditions are those that the operator ' +
      'wrote; docs/reference/conditions.md says what each means. A webhook is binding when the operator has proven that ' +
      'the API server reaches it: then nothing passes without it. Proxies count as of another version when their ' +
      'version or revision is not what a new pod would get; only `sailwright proxies --stale` compares all fields, and ' +
      'may so name more.',
    'It needs no more than rights to read. What they do not show is told, and counts as empty.',
  ].join('\n\n'),
  forms: ['[options]'],
  operands: [],
  options: STATUS_OPTIONS,
  examples: [
    ['sailwright status', 'once'],
    ['sailwright status --watch', 'while something changes'],
    ['sailwright status -o json', 'for programs'],
  ],
  json: {
    at: 'when it was looked',
    'operators[].namespace, .name, .version, .replicas':
      "the operator's Deployments; replicas are `ready` and `wanted`",
    'installations[]':
      'IstioOperators: `namespace`, `name`, `state`, `revision`, `version`, `supportEnds`, `conditions`, `components`, `plan`',
    'controlPlanes[]':
      '`namespace`, `revision` (empty for the one without a name), `release`, `supportEnds`, `replicas`',
    'proxies[].revision, .version, .pods, .stale':
      'pods with a proxy by version, and how many of them a restart would bring to another version or revision',
    'rollouts[]': 'ProxyRollouts, as `sailwright rollout status` prints them',
    'webhooks[].kind, .configuration, .calls, .entries':
      'each webhook configuration of the mesh, and the server that it calls',
    'webhooks[].state':
      '`Binding`, `Open` (what it would judge passes while it does not answer) or `Untrusted` (without a CA)',
    'certificates[].what, .ends': 'when a CA ends',
    missedPods: 'pods that should have a sidecar and have none',
    'findings.errors, .warnings, .infos, .told[]': 'what analysis finds; the ten worst are told',
    'unread[].kind, .why': 'what the rights do not show',
  },
  exitCodes: {
    0: 'all that was asked for is ready',
    1: 'something is not, or there is nothing',
    2: 'wrong command line, or no cluster',
  },
  badInput: 2,
  environment: { NO_COLOR: 'no colours on a terminal' },
  load: async () => (await import('./status.ts')).runStatus,
});
