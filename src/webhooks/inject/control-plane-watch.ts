import { COMPONENT_LABEL } from '../../api/our-names.ts';
import { CONTROL_PLANE, INJECTOR, MESH, revisionIn } from '../../core/inject/control-plane-objects.ts';
import type { KubeObject } from '../../core/kube-object.ts';
import type { Informer, InformerHandler } from '../../kube/informer.ts';
import type { InformerPool } from '../../kube/informer-pool.ts';
import { slimConfigMap, slimControlPlane } from './slim-objects.ts';

/** Our own objects and those of Istio's installers carry it; a ConfigMap of the user's needs it to be seen. */
export const PILOT_SELECTOR = `${COMPONENT_LABEL}=Pilot`;

const CONFIG_MAP = { apiVersion: 'v1', kind: 'ConfigMap' };
const DEPLOYMENT = { apiVersion: 'apps/v1', kind: 'Deployment' };

/** The objects of the control planes in one namespace, of all revisions. Others of the namespace are not kept. */
export class ControlPlaneWatch {
  readonly configMaps: Informer;
  readonly deployments: Informer;

  constructor(informers: InformerPool, namespace: string) {
    const selection = { namespace, labelSelector: PILOT_SELECTOR };
    const isConfig = ({ metadata: { name } }: KubeObject): boolean =>
      revisionIn(name, INJECTOR) !== undefined || revisionIn(name, MESH) !== undefined;
    const isControlPlane = ({ metadata: { name } }: KubeObject): boolean =>
      revisionIn(name, CONTROL_PLANE) !== undefined;
    this.configMaps = informers.open({
      kind: CONFIG_MAP,
      ...selection,
      slim: (object) => (isConfig(object) ? slimConfigMap(object) : undefined),
    });
    this.deployments = informers.open({
      kind: DEPLOYMENT,
      ...selection,
      slim: (object) => (isControlPlane(object) ? slimControlPlane(object) : undefined),
    });
  }

  get informers(): readonly Informer[] {
    return [this.configMaps, this.deployments];
  }

  subscribe(handler: InformerHandler): void {
    for (const informer of this.informers) informer.subscribe(handler);
  }
}

/** The revision of the control plane that an object of this name belongs to; undefined for others. */
export function revisionOf(name: string): string | undefined {
  return [INJECTOR, CONTROL_PLANE, MESH].map((prefix) => revisionIn(name, prefix)).find((found) => found !== undefined);
}
