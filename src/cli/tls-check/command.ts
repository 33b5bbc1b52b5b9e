import { defineCommand } from '../shell/command.ts';
import { TLS_CHECK_OPTIONS } from './options.ts';

/** `sailwright authn tls-check` */
export const TLS_CHECK = defineCommand({
  words: ['authn', 'tls-check'],
  summary: 'compare what servers take with what a pod sends them: mutual TLS or not',
  about:
    'For each port of each service, or of HOST: which connections its pods take (SERVER: the mode of the ' +
    'PeerAuthentication for the port, workload, namespace or mesh), what the pod sends (CLIENT: the DestinationRule ' +
    'that istiod gives it, or automatic mutual TLS), and whether the two fit. Below the table stands for each that ' +
    'does not fit which resources decide and what to do. A port has a row for each subset and each group of pods that ' +
    'differ; the last line counts rows.\n\n' +
    'OK: the server takes what is sent. CONFLICT: it refuses it or cannot read it. DEPENDS: TLS that is not of the mesh ' +
    'goes to the application, or a gateway decides. A hyphen: there is nothing to compare, because no pod serves or ' +
    'calls are refused. Considered are also Sidecars, exportTo, subsets, headless services, ports that annotations ' +
    'lead past the proxy, ambient mode and revisions. Nothing is sent to any pod.\n\n' +
    'With -o json or yaml: {"client": {"name", "namespace", "carrier", "revision"}, "checks": [...]}. Of each check: host, port, ' +
    'subset, status (OK, CONFLICT, DEPENDS or NONE), why, advice; server with carrier (sidecar, gateway, ambient, none, ' +
    'outside or unknown), mode, policy and path, pods out of `of`; client with sends (plain, mtls, hbone, tls, own-tls ' +
    'or refused), automatic, mode, destinationRule and path, sidecar (that hides the service). What there is not is null.',
  forms: ['POD[.NAMESPACE] [HOST[:PORT]] [options]'],
  operands: [
    { name: 'POD', about: 'the client: POD.NAMESPACE, or POD with -n; with -f also a Deployment' },
    { name: 'HOST', about: 'the server: reviews, reviews.shop, a full name, with :PORT or without; all when left out' },
  ],
  options: TLS_CHECK_OPTIONS,
  examples: [
    ['sailwright authn tls-check web-6b746f74dc-x2x7k.shop', 'all services as this pod reaches them'],
    ['sailwright authn tls-check web-6b746f74dc-x2x7k.shop reviews.prod:9080', 'one port of one service'],
    ['sailwright authn tls-check -f mesh/ web.shop', 'before anything is applied'],
  ],
  exitCodes: {
    0: 'nothing is in conflict',
    1: 'something is',
    2: 'wrong command line, a file that cannot be read, no such pod or host, or no cluster',
  },
  badInput: 2,
  load: async () => (await import('./tls-check.ts')).runTlsCheck,
});
