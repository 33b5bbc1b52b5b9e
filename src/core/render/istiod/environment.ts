import { firstTruthy, isOn, listAt, objectAt, printed, str, valueAt } from '../../values/value-tree.ts';
import { envFromMap, envFromResource, envFromVersionedField, withoutDuplicates } from '../env-var.ts';
import { bareLabel, revisionLabel } from '../labels.ts';
import { isAnsweredByIstiod } from '../sailwright-service.ts';
import type { ChartContext } from '../chart.ts';
import type { Json } from '../../kube-object.ts';

/** One variable, when its value is set. */
function variableIf(context: ChartContext, name: string, path: string): object[] {
  return isOn(context.values, path) ? [{ name, value: str(context.values, path) }] : [];
}

/** The account whose ztunnels may ask for certificates of the pods on their node. */
function trustedNodeAccounts(context: ChartContext): object[] {
  const { values } = context;
  if (isOn(values, 'env.CA_TRUSTED_NODE_ACCOUNTS')) return [];
  const namespace = printed(firstTruthy(valueAt(values, 'trustedZtunnelNamespace'), context.namespace));
  const name = printed(firstTruthy(valueAt(values, 'trustedZtunnelName'), 'ztunnel'));
  return [{ name: 'CA_TRUSTED_NODE_ACCOUNTS', value: `${namespace}/${name}` }];
}

/** Our webhook configurations lead to our own server: with empty names istiod leaves their bundles and policies alone. */
function webhookOwnership(context: ChartContext): object[] {
  if (isAnsweredByIstiod(context)) return [];
  const env = objectAt(context.values, 'env');
  return ['INJECTION_WEBHOOK_CONFIG_NAME', 'VALIDATION_WEBHOOK_CONFIG_NAME']
    .filter((name) => env[name] === undefined)
    .map((name) => ({ name, value: '' }));
}

function userVariables(context: ChartContext): Json[] {
  const { values, traits } = context;
  const isFips = traits.tellsGoOfFips && valueAt(values, 'env.COMPLIANCE_POLICY') === 'fips-140-3';
  return [
    ...envFromMap(context, objectAt(values, 'env')),
    ...(isFips ? [{ name: 'GODEBUG', value: 'fips140=only' }] : []),
    ...listAt(values, 'envVarFrom'),
  ];
}

function featureVariables(context: ChartContext): object[] {
  const { values } = context;
  return [
    ...variableIf(context, 'PILOT_TRACE_SAMPLING', 'traceSampling'),
    ...(isOn(values, 'taint.enabled')
      ? [
          { name: 'PILOT_ENABLE_NODE_UNTAINT_CONTROLLERS', value: 'true' },
          { name: 'PILOT_NODE_UNTAINT_CONTROLLERS_TAINT_NAME', value: str(values, 'taint.name') },
        ]
      : []),
    ...(isOn(values, 'env.EXTERNAL_ISTIOD') ? [] : variableIf(context, 'EXTERNAL_ISTIOD', 'global.externalIstiod')),
    ...variableIf(context, 'PILOT_CA_CERT_CONFIGMAP', 'global.trustBundleName'),
    ...variableIf(context, 'PILOT_CRL_CONFIGMAP', 'crlConfigMapName'),
  ];
}

/** istiod's environment, in upstream's order: later tools patch it by position. */
export function renderEnvironment(context: ChartContext): unknown[] {
  const { values } = context;
  const set = userVariables(context);
  const env = [
    { name: 'REVISION', value: revisionLabel(context) },
    { name: 'PILOT_CERT_PROVIDER', value: bareLabel(context, valueAt(values, 'global.pilotCertProvider')) },
    envFromVersionedField('POD_NAME', 'metadata.name'),
    envFromVersionedField('POD_NAMESPACE', 'metadata.namespace'),
    envFromVersionedField('SERVICE_ACCOUNT', 'spec.serviceAccountName'),
    { name: 'KUBECONFIG', value: '/var/run/secrets/remote/config' },
    ...trustedNodeAccounts(context),
    ...webhookOwnership(context),
    ...set,
    ...featureVariables(context),
    { name: 'PILOT_ENABLE_ANALYSIS', value: str(values, 'global.istiod.enableAnalysis') },
    {
      name: 'CLUSTER_ID',
      value: printed(firstTruthy(valueAt(values, 'global.multiCluster.clusterName'), 'Kubernetes')),
    },
    ...(context.traits.tellsGoItsCpu ? [envFromResource('GOMAXPROCS', 'limits.cpu')] : []),
    { name: 'PLATFORM', value: printed(firstTruthy(valueAt(values, 'global.platform'), valueAt(values, 'platform'))) },
  ] as Json[];
  return withoutDuplicates(context, env, set);
}
