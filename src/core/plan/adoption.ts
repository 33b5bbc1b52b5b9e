import type { KubeObject } from '../kube-object.ts';
import { managedFieldsOf, mergeFields, type ManagedFieldsEntry } from './field-ownership.ts';
import { FIELD_MANAGER } from './owner-labels.ts';

/** Installers of Istio whose work the operator takes over; anybody else's object is only touched without force. */
const FORMER_INSTALLERS = /^(istio-operator|istioctl|helm(-.*)?|Helm|sailoperator|sail-operator)$/;
const ISTIO_LABELS = ['install.operator.istio.io/owning-resource', 'operator.istio.io/component'];

/** Whether an installer of Istio made the object. */
export function isFromIstioInstaller(live: KubeObject): boolean {
  const labels = live.metadata.labels ?? {};
  if (ISTIO_LABELS.some((label) => labels[label] !== undefined)) return true;
  if (labels['release'] === 'istio' || labels['app.kubernetes.io/part-of'] === 'istio') return true;
  return managedFieldsOf(live).some(({ manager }) => manager === 'istio-operator');
}

/** Managers of the main resource whose fields go over to us; status and scale stay with whoever writes them. */
export function findFormerInstallers(live: KubeObject): string[] {
  return [
    ...new Set(
      managedFieldsOf(live)
        .filter(isFormerInstaller)
        .map(({ manager }) => manager),
    ),
  ];
}

function isFormerInstaller({ manager, subresource }: ManagedFieldsEntry): boolean {
  return !subresource && FORMER_INSTALLERS.test(manager);
}

/**
 * Managed fields with the former installers' share given to us, so that the next apply also removes what they had set
 * and we do not. Undefined when there is nothing to take over.
 */
export function computeTakeover(live: KubeObject): ManagedFieldsEntry[] | undefined {
  const entries = managedFieldsOf(live);
  const former = entries.filter(isFormerInstaller);
  const [first] = former;
  if (!first) return undefined;
  const isOurs = (entry: ManagedFieldsEntry): boolean =>
    entry.manager === FIELD_MANAGER && entry.operation === 'Apply' && !entry.subresource;
  const shares = [...entries.filter(isOurs), ...former];
  // Versions of one object cannot be mixed in one entry; the newest writer's is kept.
  const apiVersion = shares.at(-1)?.apiVersion;
  const fieldsV1 = shares
    .filter((entry) => entry.apiVersion === apiVersion)
    .map((entry) => entry.fieldsV1 ?? {})
    .reduce(mergeFields, {});
  const merged: ManagedFieldsEntry = { ...first, manager: FIELD_MANAGER, operation: 'Apply', fieldsV1 };
  if (apiVersion !== undefined) merged.apiVersion = apiVersion;
  return [...entries.filter((entry) => !isOurs(entry) && !isFormerInstaller(entry)), merged];
}
