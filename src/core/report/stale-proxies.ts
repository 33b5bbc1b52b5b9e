import { DEFAULT_REVISION, parseRevisionPath } from '../inject/revision-path.ts';
import { proxyVersionOf } from '../inject/count-proxies.ts';
import { selects, type PodWebhook } from '../inject/injection-webhooks.ts';
import { revisionOfPod } from '../inject/pod-revision.ts';
import { parseRelease } from '../istio/release.ts';
import type { KubeObject } from '../kube-object.ts';
import type { ControlPlaneRow, ProxyRow } from './mesh-report.ts';
import type { StaleReason } from './reasons.ts';
import { countRows, workloadOfPod } from './workload-of-pod.ts';

/** What proxies are held against. */
export interface ProxySurroundings {
  controlPlanes: readonly ControlPlaneRow[];
  namespaces: ReadonlyMap<string, KubeObject>;
  webhooks: readonly PodWebhook[];
}

/** All pods with a proxy by workload, revision and version, with what speaks for a restart. */
export function describeProxies(pods: readonly KubeObject[], surroundings: ProxySurroundings): ProxyRow[] {
  return countRows(
    pods.flatMap((pod) => {
      const revision = revisionOfPod(pod);
      if (revision === undefined) return [];
      const version = proxyVersionOf(pod);
      const stale = judge(pod, { revision, version }, surroundings);
      return [{ ...workloadOfPod(pod), revision, version, ...(stale ? { stale } : {}) }];
    }),
  );
}

/** The revision that a webhook injects for, `default` for the one without a name; undefined where nothing says so. */
export function revisionOfWebhook({ path, revisions }: PodWebhook): string | undefined {
  const { revision } = parseRevisionPath(path);
  return revision || (revisions[0] ?? undefined);
}

type Proxy = Pick<ProxyRow, 'revision' | 'version'>;

function judge(pod: KubeObject, proxy: Proxy, surroundings: ProxySurroundings): ProxyRow['stale'] {
  const { controlPlanes } = surroundings;
  const own = controlPlanes.filter(({ revision }) => (revision || DEFAULT_REVISION) === proxy.revision);
  // Without any control plane in sight (files, a remote cluster) nothing can be said.
  if (controlPlanes.length > 0 && own.length === 0) {
    return stale('ControlPlaneGone', `there is no control plane of revision ${proxy.revision}`);
  }
  const next = nextRevision(pod, surroundings);
  if (next !== undefined && next !== proxy.revision) {
    return stale('OtherRevision', `a new pod would be of revision ${next}`);
  }
  const releases = own.map(({ release }) => release);
  if (releases.length > 0 && releases.every((release) => isOtherRelease(proxy.version, release))) {
    return stale('OtherVersion', `its control plane is ${releases.join(' or ')}`);
  }
  return undefined;
}

function stale(reason: StaleReason, message: string): ProxyRow['stale'] {
  return { reason, message };
}

/** The revision of the webhook that would be called for such a pod; undefined where none would, or it does not say. */
function nextRevision({ metadata }: KubeObject, { namespaces, webhooks }: ProxySurroundings): string | undefined {
  const { namespace = '', labels = {} } = metadata;
  const namespaceLabels = namespaces.get(namespace)?.metadata.labels;
  if (!namespaceLabels) return undefined;
  const target = { namespace, namespaceLabels, podLabels: labels };
  const called = webhooks.filter((webhook) => selects(webhook, target));
  const revisions = new Set(called.map(revisionOfWebhook));
  // Two injectors of different revisions contend; analysis tells of that.
  return revisions.size === 1 ? [...revisions][0] : undefined;
}

/** Builds of one's own have names that nothing can be read from. */
function isOtherRelease(version: string, release: string): boolean {
  const [one, other] = [parseRelease(version), parseRelease(release)];
  return one !== undefined && other !== undefined && (one.minor !== other.minor || one.patch !== other.patch);
}
