import { STATUS_ANNOTATION } from '../../../api/istio-names.ts';
import { CNI_NAME } from './labels.ts';
import { agentMounts } from './volumes.ts';
import type { ChartContext } from '../chart.ts';
import {
  envFromField,
  envFromMap,
  envFromResource,
  envFromVersionedField,
  envValue,
  withoutDuplicates,
} from '../env-var.ts';
import { imageReference } from '../image.ts';
import { bareLabel } from '../labels.ts';
import {
  computeResources,
  entryIf,
  firstTruthy,
  isOn,
  isTruthy,
  objectAt,
  printed,
  valueAt,
} from '../../values/value-tree.ts';
import type { Json, JsonObject } from '../../kube-object.ts';

/**
 * What the agent needs instead of a privileged container: routes and ipsets, the nat table, finding and entering the
 * network namespaces of pods, and writing to folders of other owners.
 */
const CAPABILITIES = ['NET_ADMIN', 'NET_RAW', 'SYS_PTRACE', 'SYS_ADMIN', 'DAC_OVERRIDE'];

function securityContext({ values }: ChartContext): JsonObject {
  const seLinux = objectAt(values, 'seLinuxOptions');
  const seLinuxType = firstTruthy(seLinux['type']) ?? 'spc_t';
  return {
    ...(isOn(values, 'useAppArmorAnnotation') ? {} : { appArmorProfile: { type: 'Unconfined' } }),
    privileged: false,
    runAsGroup: 0,
    runAsUser: 0,
    runAsNonRoot: false,
    capabilities: { drop: ['ALL'], add: CAPABILITIES },
    ...(isTruthy(seLinux) ? { seLinuxOptions: { ...seLinux, type: seLinuxType } } : {}),
    ...entryIf('seccompProfile', valueAt(values, 'seccompProfile')),
  };
}

function args({ values }: ChartContext): string[] {
  const level = firstTruthy(valueAt(values, 'logging.level'), valueAt(values, 'global.logging.level'));
  return [
    ...(level === undefined ? [] : [`--log_output_level=${printed(level)}`]),
    ...(isOn(values, 'global.logAsJson') ? ['--log_as_json'] : []),
  ];
}

function env(context: ChartContext): Json[] {
  const { values } = context;
  const livesInHostNetwork = isOn(values, 'ambient.enabled') && isOn(values, 'ambient.shareHostNetworkNamespace');
  const own = envFromMap(context, objectAt(values, 'env'));
  const all = [
    envFromField('REPAIR_NODE_NAME', 'spec.nodeName'),
    envValue('REPAIR_RUN_AS_DAEMON', 'true'),
    envValue('REPAIR_SIDECAR_ANNOTATION', STATUS_ANNOTATION),
    ...(livesInHostNetwork ? [] : [envValue('ALLOW_SWITCH_TO_HOST_NS', 'true')]),
    envFromVersionedField('NODE_NAME', 'spec.nodeName'),
    envFromResource('GOMEMLIMIT', 'limits.memory'),
    ...(context.traits.tellsGoItsCpu ? [envFromResource('GOMAXPROCS', 'limits.cpu')] : []),
    envFromField('POD_NAME', 'metadata.name'),
    envFromField('POD_NAMESPACE', 'metadata.namespace'),
    ...own,
  ];
  return withoutDuplicates(context, all, own);
}

/** The container that installs the plugin, repairs pods and enrols them into ambient. */
export function agentContainer(context: ChartContext): JsonObject {
  const { values } = context;
  const pullPolicy = firstTruthy(valueAt(values, 'pullPolicy'), valueAt(values, 'global.imagePullPolicy'));
  const own = valueAt(values, 'resources');
  return {
    name: 'install-cni',
    image: imageReference(values, {
      image: firstTruthy(valueAt(values, 'image')) ?? 'install-cni',
      hub: valueAt(values, 'hub'),
      tag: valueAt(values, 'tag'),
      variant: valueAt(values, 'variant'),
    }),
    ...(pullPolicy === undefined ? {} : { imagePullPolicy: bareLabel(context, pullPolicy) }),
    ports: [{ containerPort: 15014, name: 'metrics', protocol: 'TCP' }],
    readinessProbe: { httpGet: { path: '/readyz', port: 8000 } },
    securityContext: securityContext(context),
    command: ['install-cni'],
    ...entryIf('args', args(context)),
    envFrom: [{ configMapRef: { name: `${CNI_NAME}-config` } }],
    env: env(context),
    volumeMounts: agentMounts(context),
    ...entryIf('resources', computeResources(isTruthy(own) ? own : valueAt(values, 'global.defaultResources'))),
  };
}
