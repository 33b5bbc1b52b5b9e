import { CONTROL_PLANE_LABEL } from '../../api/our-names.ts';
import { choiceOption, textOption, type Option } from '../shell/option.ts';
import { MAX_USUAL_WORKERS } from './webhook-workers.ts';
import { CLUSTER_OPTIONS } from '../shell/vocabulary.ts';

/** Written with its value, so that a Deployment's arguments can name what they turn off. */
function booleanOption(about: string, standard: 'true' | 'false'): Option<'true' | 'false'> {
  return choiceOption({ value: 'BOOL', about, choices: ['true', 'false'], standard });
}

function portOption(about: string, standard: string): Option<string> {
  return textOption({ value: 'PORT', about, standard });
}

function timeOption(about: string, standard: string): Option<string> {
  return textOption({ value: 'TIME', about, standard });
}

/** Of `sailwright run`. */
export const RUN_OPTIONS = {
  namespace: textOption({
    short: 'n',
    value: 'NAMESPACE',
    about: 'namespace of the leader Lease (POD_NAMESPACE, else sailwright-system)',
  }),
  ...CLUSTER_OPTIONS,
  metricsPort: portOption('port of /metrics', '8080'),
  healthPort: portOption('port of /healthz and /readyz', '8081'),
  pagePort: textOption({
    value: 'PORT',
    about: 'serve the page of sailwright dashboard at this port, for who may reach the pod; without it there is none',
  }),
  pageHost: textOption({
    value: 'HOST',
    about: "address that it is served at (127.0.0.1: kubectl port-forward reaches it, and nobody by the pod's address)",
  }),
  webhookPort: portOption('port of the admission webhooks', '9443'),
  webhookHost: textOption({ value: 'HOST', about: 'address that they listen on (all)' }),
  webhookWorkers: textOption({
    value: 'N',
    about: `threads that answer them when calls come faster than one does (one for each processor but one, at most ${MAX_USUAL_WORKERS})`,
  }),
  webhookUrl: textOption({
    value: 'URL',
    about: 'https://HOST:PORT by which the API server calls them, instead of their Service',
  }),
  certificateDirectory: textOption({
    value: 'DIR',
    about:
      'serve with tls.crt, tls.key and ca.crt in DIR, as cert-manager makes them; without it the operator makes its ' +
      'own certificate',
  }),
  leaderElect: booleanOption('only the holder of the Lease writes', 'true'),
  leaseDuration: timeOption('how long others wait for a silent leader', '15s'),
  leaseRenewDeadline: timeOption('a leader that cannot renew for this long gives up', '10s'),
  leaseRetryPeriod: timeOption('time between two attempts', '2s'),
  analysisInterval: timeOption('time between two looks for mistakes across resources; 0 turns them off', '5m'),
  admissionAnalysis: booleanOption(
    'warn, when a resource is applied, of mistakes that it makes together with others',
    'true',
  ),
  controlPlaneNamespaces: textOption({
    value: 'LIST',
    about:
      `namespaces, beside istio-system and those with the label ${CONTROL_PLANE_LABEL}=true, that may ` +
      'hold IstioOperators and control planes',
    standard: '',
  }),
  allowPrivilegedSettings: booleanOption(
    'apply overlays and settings that reach roles, service accounts, host access or where webhooks lead',
    'false',
  ),
  prometheusUrl: textOption({
    value: 'URL',
    about:
      'Prometheus, or what speaks its API, that gates of TrafficShifts and MutualTLSMigrations ask; without it such gates are unknown',
  }),
  prometheusCaFile: textOption({
    value: 'FILE',
    about: "certificates that its own is proven by (the system's)",
  }),
  prometheusTokenFile: textOption({
    value: 'FILE',
    about:
      'token that it is asked with, such as /var/run/secrets/kubernetes.io/serviceaccount/token; own queries are then ' +
      'for namespaces of control planes alone',
  }),
  logLevel: choiceOption({
    value: 'LEVEL',
    about: 'least level that is logged',
    choices: ['debug', 'info', 'warn', 'error', 'silent'],
    standard: 'info',
  }),
};
