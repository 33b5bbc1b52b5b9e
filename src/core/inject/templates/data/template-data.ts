import { meshConfig as meshSchema } from '../../../../api/mesh/mesh-config.ts';
import { proxyConfig as proxySchema } from '../../../../api/mesh/proxy-config.ts';
import { once } from '../../../../api/once.ts';
import { fromJson, GoInteger, type GoStruct, type GoValue } from '../../../go-template/go-values.ts';
import type { TemplateContext } from '../../template-context.ts';
import { messageView } from './message-view.ts';
import { metadataView } from './metadata-view.ts';
import { structView } from './struct-view.ts';

/** The data of an injection template under the names that Istio's templates use. */
export function templateData(context: TemplateContext): GoStruct {
  const { typeMeta, deploymentMeta } = context;
  return record('*inject.SidecarTemplateData', {
    TypeMeta: () => record('v1.TypeMeta', { APIVersion: () => typeMeta.apiVersion, Kind: () => typeMeta.kind }),
    DeploymentMeta: () =>
      record('types.NamespacedName', { Name: () => deploymentMeta.name, Namespace: () => deploymentMeta.namespace }),
    ObjectMeta: () => metadataView(context.metadata),
    Spec: () => structView('PodSpec', context.spec),
    ProxyConfig: () => messageView(proxySchema, context.proxyConfig),
    MeshConfig: () => messageView(meshSchema, context.meshConfig),
    Values: once(() => fromJson(context.values)),
    Revision: () => context.revision,
    NativeSidecars: () => context.nativeSidecars,
    ProxyImage: () => context.proxyImage,
    ProxyInitImage: () => context.proxyInitImage,
    ProxyUID: () => new GoInteger(context.proxyUid, 'int64'),
    ProxyGID: () => new GoInteger(context.proxyGid, 'int64'),
    InboundTrafficPolicyMode: () => context.inboundTrafficPolicyMode,
    CompliancePolicy: () => context.compliancePolicy,
  });
}

function record(type: string, fields: Readonly<Record<string, () => GoValue>>): GoStruct {
  return {
    type,
    isNil: false,
    field: (name) => (Object.hasOwn(fields, name) ? { value: fields[name]?.() } : undefined),
    method: () => undefined,
    text: () => `{${Object.keys(fields).join(' ')}}`,
    json: () => null,
  };
}
