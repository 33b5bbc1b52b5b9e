import { INJECT_LABEL, REVISION_LABEL } from '../../../api/istio-names.ts';
import type { GatewayInstance } from './instance.ts';
import { gatewayDeployment, prometheusAnnotations, proxyContainer } from './pod.ts';
import { unprivilegedEnv } from './proxy-env.ts';
import { userMounts, userSources } from './volumes.ts';
import { envFromMap, withoutDuplicates } from '../env-var.ts';
import { bareLabel, revisionOf } from '../labels.ts';
import { entryIf, firstTruthy, objectAt, str } from '../../values/value-tree.ts';
import type { KubeObject } from '../../kube-object.ts';

/**
 * A minimal deployment that the injector completes by the gateway's template. Anything that the template sets must
 * stay out of it, because the pod's own fields win over the template's.
 */
export function renderInjectedDeployment(gateway: GatewayInstance): KubeObject {
  const { context, kind, settings } = gateway;
  const name = (firstTruthy(gateway.name) ?? kind.root) as string;
  const revision = revisionOf(context);
  const own = envFromMap(context, objectAt(settings, 'env'));
  return gatewayDeployment(gateway, {
    name,
    serviceAccountName: `${name}-service-account`,
    deploymentLabels: {},
    podLabels: {
      [INJECT_LABEL]: 'true',
      ...(revision === '' ? {} : { [REVISION_LABEL]: bareLabel(context, revision) }),
    },
    podAnnotations: {
      ...prometheusAnnotations(gateway),
      [INJECT_LABEL]: 'true',
      'inject.istio.io/templates': str(settings, 'injectionTemplate'),
    },
    container: {
      ...proxyContainer(gateway),
      image: 'auto',
      ...entryIf('env', withoutDuplicates(context, [...unprivilegedEnv(gateway), ...own], own)),
      ...entryIf('volumeMounts', userMounts(gateway)),
    },
    volumes: userSources(gateway),
  });
}
