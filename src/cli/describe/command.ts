import { defineCommand } from '../shell/command.ts';
import { DESCRIBE_OPTIONS } from './options.ts';

/** `sailwright describe` */
export const DESCRIBE = defineCommand({
  words: ['describe'],
  summary: 'what the mesh does with a pod, a service or a namespace',
  about:
    'Tells of a pod whether it has a proxy and would get one now, and why; of pods and services the ports with the ' +
    'connections that are taken there, the policies that hold, those of the namespace and the mesh too, the routes that lead there, whole and in their order, ' +
    'and the gateways that use them; of a namespace what injects there, its pods by what carries their traffic, and ' +
    'mutual TLS; of each what analysis finds in all that. Secrets are not read: what gateways need of them is for ' +
    'analyze.\n\n' +
    'With -o json or yaml one object: kind, name, namespace; policies with resource ("Kind namespace/name"), reach (workload, ' +
    'target, namespace or mesh), says, and of a service pods of `of`; routes with resource, hosts, gateways and routes; gateways with resource, ' +
    'servers and pods; problems with code, level, resource, path and message. Of a pod also carrier (sidecar, gateway, ' +
    'ambient or none), injection (hasProxy, revision, version, wouldInject, webhook, reason, message) and services; of ' +
    'a service host, visibleIn, ports, pods and rule (from, subsets). Each port has port, protocol, target, carrier, ' +
    'mode, policy, and pods of `of`. Of a namespace also labels, webhooks, pods by carrier, mutualTls and services. ' +
    'What there is not, or cannot be told, is null.',
  forms: ['pod POD[.NAMESPACE] [options]', 'service SERVICE[.NAMESPACE] [options]', 'namespace NAMESPACE [options]'],
  operands: [
    { name: 'KIND', about: 'pod, service or namespace', choices: ['pod', 'service', 'namespace'] },
    { name: 'NAME', about: 'its name, with .NAMESPACE or with -n; with -f a pod may be a Deployment' },
  ],
  options: DESCRIBE_OPTIONS,
  examples: [
    ['sailwright describe pod web-6b746f74dc-x2x7k.shop', 'why it has no sidecar, and what holds for it'],
    ['sailwright describe service reviews -n shop', 'which routes lead to it'],
    ['sailwright describe namespace shop -f mesh/', 'before anything is applied'],
  ],
  exitCodes: {
    0: 'done',
    1: 'done, and analysis finds errors',
    2: 'wrong command line, a file that cannot be read, nothing of that name, or no cluster',
  },
  badInput: 2,
  load: async () => (await import('./describe.ts')).runDescribe,
});
