/**
 * The names that the operator writes to a cluster: labels, annotations, finalizers and field managers. Users, dashboards
 * and policies match on them: renaming one is a breaking change. Lint keeps them out of every other file.
 */

export const OUR_GROUP = 'sailwright.dev';

/** Field manager of every object that the operator applies. */
export const FIELD_MANAGER = 'sailwright';
/** Owns the status of IstioOperators. */
export const STATUS_MANAGER = 'sailwright-status';
/** Owns `caBundle` of webhooks and nothing else. */
export const CA_MANAGER = 'sailwright-ca';
/** Owns `failurePolicy` of webhooks that were proven to answer, and nothing else. */
export const POLICY_MANAGER = 'sailwright-failure-policy';
/** Owns labels of pod templates that stay as a former installer set them, and nothing else. */
export const KEPT_MANAGER = 'sailwright-kept';
/** Of a hand-over from another installer, by `sailwright adopt`: the resource, and what it takes over and gives back. */
export const HAND_OVER_MANAGER = 'sailwright-adopt';
/** Of a person who changes IstioOperators by the command line. */
export const CLI_MANAGER = 'sailwright-cli';
/** Owns AnalysisReports. */
export const ANALYSIS_MANAGER = 'sailwright-analysis';

/** Owns the mark on what a ProxyRollout renews, and its status. */
export const ROLLOUT_MANAGER = 'sailwright-rollout';
/** Owns the weights that a TrafficShift sets, and its status. */
export const SHIFT_MANAGER = 'sailwright-shift';
/** Owns the mode that a MutualTLSMigration sets, and its status. */
export const MIGRATION_MANAGER = 'sailwright-mutual-tls';

/** On what the operator applies. Informers select on it, so that the operator caches nothing of others. */
export const MANAGED_LABEL = 'sailwright.dev/managed';
/** On a Namespace, with the value `true`: it may hold IstioOperators and control planes. */
export const CONTROL_PLANE_LABEL = 'sailwright.dev/control-plane-namespace';
/** On a Namespace: `enforce` refuses what analysis calls an error, `off` is silent; else mistakes are warnings. */
export const ANALYSIS_LABEL = 'sailwright.dev/analysis';

/** With the value `true`: a revision is removed although namespaces, pods, tags or gateways use it. */
export const FORCE_DELETE_ANNOTATION = 'sailwright.dev/force-delete';
/** Minor or release of Istio that a resource asks for, such as the minor of its control plane. */
export const VERSION_ANNOTATION = 'sailwright.dev/istio-version';
/** Codes of blocking findings before an upgrade that are passed over, by commas. */
export const SKIP_PRECHECK_ANNOTATION = 'sailwright.dev/skip-precheck';
/** With the value `true`: the release that ran before the last upgrade runs again, for as long as it is there. */
export const ROLL_BACK_ANNOTATION = 'sailwright.dev/roll-back';
/** Annotations that decide which release a resource gets. */
export const RELEASE_ANNOTATIONS: readonly string[] = [VERSION_ANNOTATION, ROLL_BACK_ANNOTATION];
/** With the value `approve`: objects of other installers of Istio are taken over. */
export const ADOPT_ANNOTATION = 'sailwright.dev/adopt';
/** On Secrets of Helm's releases that were handed over: the value of the label by which Helm looks for them. */
export const FORMER_OWNER_ANNOTATION = 'sailwright.dev/former-owner';
/** On a ServiceAccount: the Deployment of the gateway in its namespace whose pods may run under it. */
export const LENT_ANNOTATION = 'sailwright.dev/lent-to-gateway';
/** Names what may be deleted and made anew where it cannot be changed in place: `Kind/namespace/name`, by commas. */
export const RECREATE_ANNOTATION = 'sailwright.dev/recreate';
/** With the value `Plan`: a change waits until its plan is approved. */
export const MODE_ANNOTATION = 'sailwright.dev/mode';
/** Names the plan that may be carried out, by its hash; on a ProxyRollout the waves that may begin, by commas. */
export const APPROVE_ANNOTATION = 'sailwright.dev/approve';
/** Names objects to which nothing is written: `Kind/namespace/name`, by commas. */
export const PAUSE_ANNOTATION = 'sailwright.dev/pause';
/** What becomes of changes by others: `correct`, `warn` or `ignore` for all, `Kind/namespace/name=warn` for one. */
export const DRIFT_ANNOTATION = 'sailwright.dev/drift';
/** On a ProxyRollout, with any new value: a paused rollout goes on. Each value counts once. */
export const RESUME_ANNOTATION = 'sailwright.dev/resume';
/** On a ProxyRollout, with the value `true`: it ends, and goes back where there is a way. */
export const ABORT_ANNOTATION = 'sailwright.dev/abort';
/** On workloads, their templates and pods: the ProxyRollout that renewed them, `UID/forward/TIME` or `UID/back/TIME`. */
export const RENEWED_ANNOTATION = 'sailwright.dev/proxies-renewed';
/** On a workload: `exclude`, `exclude until 2027-01-31`, either with `: reason`; no ProxyRollout renews it. */
export const ROLLOUT_ANNOTATION = 'sailwright.dev/rollout';
/** On a ReplicaSet: the Deployment whose former pods it runs until those of the new one are ready. */
export const OUTGOING_ANNOTATION = 'sailwright.dev/outgoing-of';
/** On the webhook configuration of a revision tag: the revision that the tag led to before. */
export const PREVIOUS_REVISION_ANNOTATION = 'sailwright.dev/previous-revision';
/** On a webhook configuration, with the value `fixed`: its failure policy was chosen and stays as it is. */
export const FAILURE_POLICY_ANNOTATION = 'sailwright.dev/failure-policy';
/** Holds the digest of what was applied last; it travels in the apply itself, so it cannot lag behind. */
export const HASH_ANNOTATION = 'sailwright.dev/applied-hash';
/**
 * On an object of a dry run: a webhook that refuses nothing by itself refuses this one. That is how the operator proves
 * that the API server reaches the endpoint and trusts its certificate. An object that is to be stored is never touched.
 */
export const PROBE_ANNOTATION = 'sailwright.dev/webhook-probe';
/** On the Secret of serving certificates: when the next pair was made. */
export const PREPARED_AT_ANNOTATION = 'sailwright.dev/prepared-at';
/** On the Secret of serving certificates: when the present pair began to serve. */
export const PROMOTED_AT_ANNOTATION = 'sailwright.dev/promoted-at';

export const FINALIZER = 'sailwright.dev/finalizer';

/** Names of Istio's former operator, which other tools know; we write them too. */
export const OWNER_NAME_LABEL = 'install.operator.istio.io/owning-resource';
export const OWNER_NAMESPACE_LABEL = 'install.operator.istio.io/owning-resource-namespace';
/** With the value `true`: the object stays when it is rendered no more. */
export const NOT_PRUNED_LABEL = 'install.operator.istio.io/owning-resource-not-pruned';
export const COMPONENT_LABEL = 'operator.istio.io/component';
export const RECONCILE_LABEL = 'operator.istio.io/managed';
