import { isJsonObject, type KubeObject } from '../kube-object.ts';
import type { KialiService } from './mesh-report.ts';

const PORT_NAME = 'http';

/** The Service of Kiali, by the labels that its operator and its chart set; undefined where there is none. */
export function findKiali(objects: readonly KubeObject[]): KialiService | undefined {
  const service = objects.find(({ apiVersion, kind, metadata: { labels = {} } }) => {
    const isKiali = labels['app.kubernetes.io/name'] === 'kiali' || labels['app'] === 'kiali';
    return apiVersion === 'v1' && kind === 'Service' && isKiali;
  });
  const port = service && portOf(service);
  if (!service || port === undefined) return undefined;
  const { name, namespace = '' } = service.metadata;
  return { namespace, name, port };
}

function portOf({ spec }: KubeObject): number | undefined {
  const listed = isJsonObject(spec) && Array.isArray(spec.ports) ? spec.ports.filter(isJsonObject) : [];
  const { port } = listed.find(({ name }) => name === PORT_NAME) ?? listed[0] ?? {};
  return typeof port === 'number' ? port : undefined;
}
