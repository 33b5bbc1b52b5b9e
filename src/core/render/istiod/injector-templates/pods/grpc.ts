import { REWRITE_PROBES_ANNOTATION } from '../../../../../api/istio-names.ts';
import * as agent from '../../../../inject/templates/grpc-agent.ts';
import * as simple from '../../../../inject/templates/grpc-simple.ts';
import { emptyDirectory } from '../../../../inject/templates/volumes.ts';
import type { IstioTraits } from '../../../../istio/traits.ts';
import * as env from './environment.ts';
import { CANONICAL_LABELS, COMMON_ANNOTATIONS } from './metadata.ts';
import { FACTS, HAS_NO_STATUS_PORT } from './pod-facts.ts';
import { annotatedReadinessProbe } from './probes.ts';
import * as container from './proxy-container.ts';
import { asText, below, forEach, item, items, lines, nested, printed, when } from './template-pieces.ts';
import { CERTIFICATES_MOUNT, IMAGE_PULL_SECRETS, namedObjects, proxyMounts, proxyVolumes } from './volumes.ts';

const KEEPS_PROBES = `${REWRITE_PROBES_ANNOTATION}: "false"`;
const USER_MOUNTS = 'sidecar.istio.io/userVolumeMount';

const environment = lines(
  'env:',
  items(agent.FIRST_VARIABLES),
  env.LOCALHOST_VARIABLES,
  env.CA_VARIABLES,
  env.POD_VARIABLES,
  env.CONFIG_VARIABLES,
  env.APP_CONTAINERS_VARIABLE,
  env.CLUSTER_VARIABLES,
  env.NETWORK_VARIABLES,
  env.workloadVariables('.DeploymentMeta.Name'),
  env.MESH_VARIABLES,
  env.METADATA_VARIABLES,
  items(agent.LAST_VARIABLES),
);

/** Without a status port the agent gets neither probe, resources nor its own mounts. */
const READINESS = when(
  HAS_NO_STATUS_PORT,
  when(`isset .ObjectMeta.Annotations "${USER_MOUNTS}"`, lines('volumeMounts:', namedObjects(USER_MOUNTS))),
  lines(
    annotatedReadinessProbe(agent.AGENT_PORT),
    container.RESOURCES,
    'volumeMounts:',
    proxyMounts(agent.AGENT_VOLUMES),
  ),
);

const APP_CONTAINER = lines(
  `- name: ${asText('$name')}`,
  nested(2, lines('env:', items(agent.APP_VARIABLES), 'volumeMounts:', items(agent.APP_MOUNTS), CERTIFICATES_MOUNT)),
);

/** An agent without Envoy, which serves configuration and certificates to gRPC applications. */
export function grpcAgentTemplate(traits: IstioTraits): string {
  return lines(
    FACTS,
    below(
      'metadata',
      lines(below('labels', CANONICAL_LABELS), below('annotations', lines(COMMON_ANNOTATIONS, KEEPS_PROBES))),
    ),
    below(
      'spec',
      lines(
        'containers:',
        container.proxyContainer(
          container.image(traits, '$proxy.image', '.ProxyImage'),
          'ports:',
          item(agent.MESH_METRICS),
          'args:',
          container.proxyArgs(traits, 'sidecar'),
          `lifecycle: ${JSON.stringify(agent.AWAIT_AGENT)}`,
          environment,
          container.PULL_POLICY,
          READINESS,
        ),
        forEach('$index, $name', '$apps', APP_CONTAINER),
        'volumes:',
        proxyVolumes(agent.AGENT_VOLUMES, traits),
        IMAGE_PULL_SECRETS,
      ),
    ),
    '',
  );
}

const BOOTSTRAP_FIELDS = Object.entries(simple.BOOTSTRAP_CONTAINER).map(
  ([key, value]) => `${key}: ${JSON.stringify(value)}`,
);

/** gRPC applications that speak to istiod themselves, without any proxy or agent. */
export function grpcSimpleTemplate(): string {
  const bootstrap = lines(
    ...BOOTSTRAP_FIELDS,
    'env:',
    items(simple.POD_VARIABLES),
    '- name: ISTIO_NAMESPACE',
    '  value: |',
    `    ${printed('(.Values.global | default dict).istioNamespace')}`,
  );
  const [first = '', ...rest] = bootstrap.split('\n');
  const appFields = lines(
    ...Object.entries(simple.APP_FIELDS).map(([key, value]) => `${key}: ${JSON.stringify(value)}`),
  );
  return lines(
    below('metadata', below('annotations', KEEPS_PROBES)),
    below(
      'spec',
      lines(
        'initContainers:',
        `- ${first}`,
        nested(2, rest.join('\n')),
        'containers:',
        forEach(
          '$index, $container',
          '.Spec.Containers',
          `- name: ${printed('$container.Name')}\n${nested(2, appFields)}`,
        ),
        'volumes:',
        item(emptyDirectory(simple.VOLUME)),
      ),
    ),
    '',
  );
}
