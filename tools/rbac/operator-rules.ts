// What the operator itself does, one line per reason. What it only grants to others is computed (rendered-rules.ts).
import { RENDERED_KINDS } from '../../src/core/authorize/rendered-kinds.ts';
import { NEVER_PRUNED } from '../../src/core/plan/plan-prune.ts';
import { CERTIFICATE_SECRET } from '../../src/webhooks/certificates/secret-certificates.ts';
import type { PolicyRule } from '../../src/core/powers/policy-rules.ts';

/** Server-side apply needs `create` for a new object and `patch` for an existing one. */
const MANAGE = ['get', 'list', 'watch', 'create', 'patch', 'delete'];
/** For kinds that hold other people's work: written, never deleted. */
const KEEP = ['get', 'list', 'watch', 'create', 'patch'];
const READ = ['get', 'list', 'watch'];

/** The rules of the operator's own work, cluster-wide because an IstioOperator may name any namespace. */
export function computeOperatorRules(): PolicyRule[] {
  return [
    ...Object.entries(RENDERED_KINDS).map(([kind, { group, resource }]) => ({
      apiGroups: [group],
      resources: [resource],
      verbs: NEVER_PRUNED.has(kind) ? KEEP : MANAGE,
    })),
    // The resource it serves: `patch` for the finalizer, the status by its own subresource.
    { apiGroups: ['install.istio.io'], resources: ['istiooperators'], verbs: [...READ, 'patch', 'update'] },
    { apiGroups: ['install.istio.io'], resources: ['istiooperators/status'], verbs: ['get', 'patch', 'update'] },
    { apiGroups: ['install.istio.io'], resources: ['istiooperators/finalizers'], verbs: ['update'] },
    // Why a Deployment is not ready is written in its pods, and of some faults in their events alone.
    { apiGroups: [''], resources: ['pods'], verbs: READ },
    { apiGroups: [''], resources: ['events'], verbs: ['list'] },
    // What decides injection: the age of the nodes' kubelets, and settings for single workloads.
    { apiGroups: [''], resources: ['nodes'], verbs: READ },
    { apiGroups: ['networking.istio.io'], resources: ['proxyconfigs'], verbs: READ },
    // Dry runs prove that the webhooks are reached; they need the right to create all the same.
    { apiGroups: [''], resources: ['pods'], verbs: ['create'] },
    { apiGroups: ['networking.istio.io'], resources: ['gateways'], verbs: ['create'] },
    { apiGroups: ['install.istio.io'], resources: ['istiooperators'], verbs: ['create'] },
    // Whether who writes an IstioOperator may do what it asks for.
    { apiGroups: ['authorization.k8s.io'], resources: ['subjectaccessreviews'], verbs: ['create'] },
    // What analysis found, a report in each namespace.
    { apiGroups: ['sailwright.dev'], resources: ['analysisreports'], verbs: ['list', 'create', 'patch', 'delete'] },
    // The steps that people ask for, and what became of them; what they do stands in a role of its own.
    {
      apiGroups: ['sailwright.dev'],
      resources: ['proxyrollouts', 'trafficshifts', 'mutualtlsmigrations'],
      verbs: READ,
    },
    {
      apiGroups: ['sailwright.dev'],
      resources: ['proxyrollouts/status', 'trafficshifts/status', 'mutualtlsmigrations/status'],
      verbs: ['update'],
    },
    // Former pods of a Deployment that is made anew: marked, and removed once the new ones serve.
    { apiGroups: ['apps'], resources: ['replicasets'], verbs: [...READ, 'patch', 'delete'] },
    { apiGroups: ['', 'events.k8s.io'], resources: ['events'], verbs: ['create', 'patch'] },
  ];
}

/** What ProxyRollouts do to workloads. */
export function computeRolloutRules(): PolicyRule[] {
  return [
    { apiGroups: ['apps'], resources: ['deployments', 'daemonsets', 'statefulsets'], verbs: ['list', 'patch'] },
    { apiGroups: ['policy'], resources: ['poddisruptionbudgets'], verbs: ['list'] },
    // A budget is asked before a pod goes.
    { apiGroups: [''], resources: ['pods/eviction'], verbs: ['create'] },
  ];
}

/** What TrafficShifts do to routes. */
export function computeShiftRules(): PolicyRule[] {
  return [
    { apiGroups: ['networking.istio.io'], resources: ['virtualservices'], verbs: ['get', 'patch'] },
    { apiGroups: ['gateway.networking.k8s.io'], resources: ['httproutes'], verbs: ['get', 'patch'] },
  ];
}

/** What MutualTLSMigrations look at and do. */
export function computeMigrationRules(): PolicyRule[] {
  return [
    {
      apiGroups: ['security.istio.io'],
      resources: ['peerauthentications'],
      verbs: ['list', 'create', 'patch', 'delete'],
    },
    { apiGroups: ['networking.istio.io'], resources: ['destinationrules'], verbs: ['list'] },
  ];
}

/** The rules of its own work in its own namespace. */
export function computeHomeRules(): PolicyRule[] {
  return [
    // The webhooks' certificate, by name; who creates names nothing yet.
    { apiGroups: [''], resources: ['secrets'], verbs: ['create'] },
    {
      apiGroups: [''],
      resources: ['secrets'],
      resourceNames: [CERTIFICATE_SECRET],
      verbs: [...READ, 'update', 'delete'],
    },
  ];
}
