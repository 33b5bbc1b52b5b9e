import type { ProxyRolloutSpec, ProxyRolloutStatus } from '../../api/rollout/proxy-rollout.ts';
import { isJsonObject, type KubeObject } from '../kube-object.ts';
import type { RolloutRow } from './mesh-report.ts';

/** ProxyRollouts by what their status says, in the order of their names. */
export function describeRollouts(resources: readonly KubeObject[]): RolloutRow[] {
  return resources.map(describeRollout).sort((a, b) => (keyOf(a) < keyOf(b) ? -1 : 1));
}

function keyOf({ namespace, name }: RolloutRow): string {
  return `${namespace}/${name}`;
}

function describeRollout(resource: KubeObject): RolloutRow {
  // Written by our operator by the schema of this type, and by nobody else.
  const status = (isJsonObject(resource['status']) ? resource['status'] : {}) as ProxyRolloutStatus;
  const { suspend } = (isJsonObject(resource['spec']) ? resource['spec'] : {}) as ProxyRolloutSpec;
  const { phase = '', message = '', underWay = [], gates = [], blocked = [] } = status;
  const [ready] = status.conditions ?? [];
  return {
    namespace: resource.metadata.namespace ?? '',
    name: resource.metadata.name,
    phase,
    reason: ready?.reason ?? '',
    message,
    ...waveOf(status),
    isSuspended: suspend === true,
    ...whatIsKnown(status),
    underWay,
    gates,
    blocked,
  };
}

function waveOf({ wave = '', step = 0, waves = 0 }: ProxyRolloutStatus): Pick<RolloutRow, 'wave' | 'step' | 'waves'> {
  return { wave, step, waves };
}

type Known = Pick<RolloutRow, 'since' | 'startedAt' | 'nextAt' | 'counts' | 'cause' | 'target'>;

function whatIsKnown({ since, startedAt, nextAt, counts, cause, target }: ProxyRolloutStatus): Known {
  return {
    ...(since === undefined ? {} : { since }),
    ...(startedAt === undefined ? {} : { startedAt }),
    ...(nextAt === undefined ? {} : { nextAt }),
    ...(counts ? { counts } : {}),
    ...(cause ? { cause } : {}),
    ...(target ? { target } : {}),
  };
}
