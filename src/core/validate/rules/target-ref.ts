import type { PolicyTargetReference } from '../../../api/type/policy-target-reference.ts';
import type { Findings } from '../findings.ts';

/** What a policy can be attached to, as `group/kind`. */
const TARGETS: ReadonlySet<string> = new Set([
  'core/Service',
  'networking.istio.io/ServiceEntry',
  'gateway.networking.k8s.io/Gateway',
  'gateway.networking.k8s.io/GatewayClass',
]);

/** The three ways of saying what a policy is for. */
export interface PolicyTargets {
  selector?: unknown;
  targetRef?: PolicyTargetReference | undefined;
  targetRefs?: readonly PolicyTargetReference[] | undefined;
}

/** Records what is wrong with the targets of a policy; `path` is that of the object that holds them. */
export function checkTargetRefs(targets: PolicyTargets, path: string, findings: Findings): void {
  const { selector, targetRef, targetRefs = [] } = targets;
  const given = [selector !== undefined, targetRef !== undefined, targetRefs.length > 0].filter(Boolean).length;
  if (given > 1) {
    findings.error(path, 'TargetConflict', 'selector, targetRef and targetRefs exclude each other: keep one of them');
  }
  if (targetRef) checkTargetRef(targetRef, `${path}.targetRef`, findings);
  targetRefs.forEach((target, i) => checkTargetRef(target, `${path}.targetRefs[${i}]`, findings));
}

function checkTargetRef(target: PolicyTargetReference, path: string, findings: Findings): void {
  const { name = '', namespace = '', group = '', kind = '' } = target;
  if (name === '') findings.error(`${path}.name`, 'TargetNameMissing', 'must name the target');
  if (namespace !== '') {
    const message = 'must be left out: the target is always in the namespace of the policy';
    findings.error(`${path}.namespace`, 'TargetNamespaceSet', message);
  }
  if (TARGETS.has(`${group || 'core'}/${kind}`)) return;
  const message = `${group || 'core'}/${kind} cannot be a target: use one of ${[...TARGETS].join(', ')}`;
  findings.error(`${path}.kind`, 'TargetKindUnsupported', message);
}
