import { USUAL_NAMESPACE } from '../../api/istio-names.ts';

/** How labels call the revision without a name. */
export const DEFAULT_REVISION = 'default';

/** A control plane, as the path of a webhook names it. */
export interface PathRevision {
  /** Empty for the revision without a name. */
  revision: string;
  /** Namespace of the control plane. */
  namespace: string;
}

const ROOT = '/inject';
const REVISION_MARK = '/revision/';
const NAMESPACE_MARK = '/namespace/';

/**
 * The path under which the pods of a revision are injected. One server serves all revisions, so their webhooks differ
 * by path: `/inject/revision/canary`, with `/namespace/mesh` for a control plane that is not in istio-system. What the
 * user's own path adds after `/inject` (cluster, network) follows. A path elsewhere is left alone.
 */
export function revisionPath({ revision, namespace }: PathRevision, own: string): string {
  const base = own === '' ? ROOT : own;
  if (base !== ROOT && !base.startsWith(`${ROOT}/`)) return base;
  if (base.startsWith(`${ROOT}${REVISION_MARK}`)) return base;
  const inNamespace = namespace === USUAL_NAMESPACE ? '' : `${NAMESPACE_MARK}${namespace}`;
  const marked = revision === '' && inNamespace === '' ? '' : `${REVISION_MARK}${revision || 'default'}${inNamespace}`;
  return `${ROOT}${marked}${base.slice(ROOT.length)}`;
}

/** A path of {@link revisionPath}, taken apart: which control plane, and the path as Istio's injector takes it. */
export function parseRevisionPath(path: string): PathRevision & { rest: string } {
  let rest = path.slice(ROOT.length);
  const revision = takeSegment(REVISION_MARK);
  // Without a revision, `namespace` is a variable of the user's like any other.
  const namespace = revision === '' ? '' : takeSegment(NAMESPACE_MARK);
  return {
    revision: revision === 'default' ? '' : revision,
    namespace: namespace || USUAL_NAMESPACE,
    rest: `${ROOT}${rest}`,
  };

  function takeSegment(mark: string): string {
    if (!rest.startsWith(mark)) return '';
    const end = rest.indexOf('/', mark.length);
    const segment = rest.slice(mark.length, end < 0 ? undefined : end);
    rest = end < 0 ? '' : rest.slice(end);
    return segment;
  }
}
