import type { MutualTls, PeerAuthentication } from '../../api/security/peer-authentication.ts';
import { KIND } from '../analyze/kinds.ts';
import { rootNamespaceOf } from '../analyze/mesh-settings.ts';
import { compareAges, specAs, type Resource } from '../analyze/resource.ts';
import type { World } from '../analyze/world.ts';
import { hasLabels } from '../label-selector.ts';
import { isReadBy, type Workload } from './workload.ts';

/** Which connections a workload takes: plain text, both, or mutual TLS only. */
export type ServerMode = 'DISABLE' | 'PERMISSIVE' | 'STRICT';

/** A mode and what says so: nothing, where it is the default of the mesh. */
export interface EffectiveMode {
  mode: ServerMode;
  by?: Resource;
  /** In the resource: `spec.mtls.mode`. */
  path?: string;
}

const DEFAULT: EffectiveMode = { mode: 'PERMISSIVE' };

/**
 * Which connections the workloads of a mesh take. The narrowest PeerAuthentication that sets a mode counts: of the port,
 * the workload, the namespace, the mesh; of two for the same, the older one.
 */
export class ServerModes {
  readonly #root: string;
  /** By namespace, the oldest first. */
  readonly #policies = new Map<string, Resource[]>();

  constructor(world: World) {
    this.#root = rootNamespaceOf(world);
    for (const policy of [...world.list(KIND.peerAuthentication)].sort(compareAges)) {
      const listed = this.#policies.get(policy.namespace);
      if (listed) listed.push(policy);
      else this.#policies.set(policy.namespace, [policy]);
    }
  }

  /** What a namespace says for all that is in it, and clients believe of its services. */
  ofNamespace(namespace: string, revision: string | undefined): EffectiveMode {
    const mesh = modeOf(this.#general(this.#root, revision)) ?? DEFAULT;
    return namespace === this.#root ? mesh : (modeOf(this.#general(namespace, revision)) ?? mesh);
  }

  /** At a port of the workload, not of the service; undefined is any that no policy names. */
  of(workload: Workload, port: number | undefined): EffectiveMode {
    const { namespace, revision } = workload;
    const policy = this.workloadPolicy(workload);
    const whole = (policy && modeOf(policy)) ?? this.ofNamespace(namespace, revision);
    const ofPort = policy && port !== undefined ? specAs<PeerAuthentication>(policy).portLevelMtls?.[port] : undefined;
    const mode = setMode(ofPort);
    if (!policy || !mode) return whole;
    return { mode, by: policy, path: `spec.portLevelMtls[${String(port)}].mode` };
  }

  /** The policy for this workload alone. One of the root namespace selects nothing: there they are for the whole mesh. */
  workloadPolicy({ namespace, labels, revision }: Workload): Resource | undefined {
    if (namespace === this.#root) return undefined;
    return this.#read(namespace, revision).find((policy) => {
      const { selector } = specAs<PeerAuthentication>(policy);
      return isNarrow(policy) && hasLabels(labels, selector?.matchLabels);
    });
  }

  #general(namespace: string, revision: string | undefined): Resource | undefined {
    return this.#read(namespace, revision).find((policy) => !isNarrow(policy));
  }

  #read(namespace: string, revision: string | undefined): Resource[] {
    return (this.#policies.get(namespace) ?? []).filter((policy) => isReadBy(policy, revision));
  }
}

function isNarrow(policy: Resource): boolean {
  return Object.keys(specAs<PeerAuthentication>(policy).selector?.matchLabels ?? {}).length > 0;
}

function modeOf(policy: Resource | undefined): EffectiveMode | undefined {
  const mode = policy && setMode(specAs<PeerAuthentication>(policy).mtls);
  return mode && { mode, by: policy, path: 'spec.mtls.mode' };
}

/** A mode that is left out or UNSET inherits. */
function setMode(mtls: MutualTls | undefined): ServerMode | undefined {
  const mode = mtls?.mode;
  return typeof mode === 'string' && mode !== 'UNSET' ? mode : undefined;
}
