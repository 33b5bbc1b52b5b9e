import { REWRITE_PROBES_ANNOTATION } from '../../../api/istio-names.ts';
import type { JsonObject } from '../../kube-object.ts';
import type { TemplateContext, TemplateOutput } from '../template-context.ts';
import { fromField, variable } from './proxy-env.ts';
import { emptyDirectory } from './volumes.ts';
import { templateInput } from './template-input.ts';
import { goText, plainText, printed } from './template-text.ts';

export const VOLUME = 'grpc-io-proxyless-bootstrap';
const DIRECTORY = '/var/lib/grpc/data/';
const BOOTSTRAP = `${DIRECTORY}bootstrap.json`;
const MOUNTS: JsonObject[] = [{ mountPath: DIRECTORY, name: VOLUME }];

/** The shell text that writes gRPC's bootstrap file: istiod's plain-text port, and the pod as a sidecar node. */
const BOOTSTRAP_SCRIPT = [
  'NODE_ID="sidecar~${INSTANCE_IP}~${POD_NAME}.${POD_NAMESPACE}~cluster.local"',
  'SERVER_URI="dns:///istiod.${ISTIO_NAMESPACE}.svc:15010"',
  "echo '",
  '{',
  '  "xds_servers": [',
  '    {',
  `      "server_uri": "'\${SERVER_URI}'",`,
  '      "channel_creds": [{"type": "insecure"}],',
  '      "server_features" : ["xds_v3"]',
  '    }',
  '  ],',
  '  "node": {',
  `    "id": "'\${NODE_ID}'",`,
  '    "metadata": {',
  '      "GENERATOR": "grpc"',
  '    }',
  '  }',
  `}' > ${BOOTSTRAP}`,
].join('\n');

/** Writes the bootstrap file before the application starts. */
export const BOOTSTRAP_CONTAINER: JsonObject = {
  name: 'grpc-bootstrap-init',
  image: 'busybox:1.28',
  volumeMounts: MOUNTS,
  command: ['sh', '-c', BOOTSTRAP_SCRIPT],
};
/** What that container learns of the pod. */
export const POD_VARIABLES: readonly JsonObject[] = [
  fromField('INSTANCE_IP', 'status.podIP'),
  fromField('POD_NAME', 'metadata.name'),
  fromField('POD_NAMESPACE', 'metadata.namespace'),
];
/** What every container of the application gets. */
export const APP_FIELDS: JsonObject = {
  env: [
    variable('GRPC_XDS_BOOTSTRAP', BOOTSTRAP),
    variable('GRPC_GO_LOG_VERBOSITY_LEVEL', '99'),
    variable('GRPC_GO_LOG_SEVERITY_LEVEL', 'info'),
  ],
  volumeMounts: MOUNTS,
};

/** gRPC applications that speak to istiod themselves, without any proxy or agent. */
export function grpcSimple(context: TemplateContext): TemplateOutput {
  const { containers, global } = templateInput(context);
  const env = [...POD_VARIABLES, variable('ISTIO_NAMESPACE', `${printed(global.istioNamespace)}\n`)];
  return {
    metadata: { annotations: { [REWRITE_PROBES_ANNOTATION]: 'false' } },
    spec: {
      initContainers: [{ ...BOOTSTRAP_CONTAINER, env }],
      containers: containers.map(({ name }) => appContainer(plainText(goText(name), 'container name'))),
      volumes: [emptyDirectory(VOLUME)],
    },
  };
}

function appContainer(name: string): JsonObject {
  return { name, ...APP_FIELDS };
}
