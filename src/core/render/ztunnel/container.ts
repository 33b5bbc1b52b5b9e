import { PROXY_CONTAINER } from '../../../api/istio-names.ts';
import { ztunnelEnv } from './env.ts';
import { ztunnelMounts } from './volumes.ts';
import type { ChartContext } from '../chart.ts';
import { imageReference } from '../image.ts';
import { bareLabel } from '../labels.ts';
import { computeResources, entryIf, firstTruthy, isTruthy, valueAt } from '../../values/value-tree.ts';
import type { JsonObject } from '../../kube-object.ts';

function securityContext({ values }: ChartContext): JsonObject {
  return {
    allowPrivilegeEscalation: true,
    privileged: false,
    // Transparent proxying and socket options, entering the network namespaces of pods, raw sockets.
    capabilities: { drop: ['ALL'], add: ['NET_ADMIN', 'SYS_ADMIN', 'NET_RAW'] },
    readOnlyRootFilesystem: true,
    runAsGroup: 1337,
    runAsNonRoot: false,
    runAsUser: 0,
    ...entryIf('seLinuxOptions', valueAt(values, 'seLinuxOptions')),
  };
}

/** The node proxy. */
export function ztunnelContainer(context: ChartContext): JsonObject {
  const { values } = context;
  const pullPolicy = valueAt(values, 'imagePullPolicy');
  // The chart flattens `global` into its own settings, so these have no fallback: an empty variant means none.
  const image = imageReference(
    {},
    {
      image: firstTruthy(valueAt(values, 'image')) ?? 'ztunnel',
      hub: valueAt(values, 'hub'),
      tag: valueAt(values, 'tag'),
      variant: valueAt(values, 'variant'),
    },
  );
  return {
    name: PROXY_CONTAINER,
    image,
    ports: [{ containerPort: 15020, name: 'ztunnel-stats', protocol: 'TCP' }],
    ...entryIf('resources', computeResources(valueAt(values, 'resources'))),
    ...(isTruthy(pullPolicy) ? { imagePullPolicy: bareLabel(context, pullPolicy) } : {}),
    securityContext: securityContext(context),
    readinessProbe: { httpGet: { port: 15021, path: '/healthz/ready' } },
    args: ['proxy', 'ztunnel'],
    env: ztunnelEnv(context),
    volumeMounts: ztunnelMounts(context),
  };
}
