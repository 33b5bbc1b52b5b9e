import type { IstioOperatorStatus } from '../../api/install/istio-operator-status.ts';
import { installedRelease } from '../istio/installed-release.ts';
import { isJsonObject, type KubeObject } from '../kube-object.ts';
import type { ConditionRow, Installation } from './mesh-report.ts';

/** IstioOperators by what their status says: the operator writes it, and nothing here is worked out anew. */
export function describeInstallations(resources: readonly KubeObject[]): Installation[] {
  return resources.map(describeInstallation).sort((a, b) => (keyOf(a) < keyOf(b) ? -1 : 1));
}

function keyOf({ namespace, name }: Installation): string {
  return `${namespace}/${name}`;
}

function describeInstallation(resource: KubeObject): Installation {
  // Written by our operator by the schema of this type, and by nobody else.
  const status = (isJsonObject(resource['status']) ? resource['status'] : {}) as Partial<IstioOperatorStatus>;
  const { name, namespace = '' } = resource.metadata;
  const { status: state = '', revision = '', version = '', plan } = status;
  const supportEnds = installedRelease(status)?.version.support.ends;
  return {
    namespace,
    name,
    state,
    revision,
    version,
    ...(supportEnds === undefined ? {} : { supportEnds }),
    conditions: (status.conditions ?? []).map(describeCondition),
    components: Object.entries(status.componentStatus ?? {}).map(([component, { status: its, ...rest }]) => ({
      name: component,
      state: its,
      ...(rest.version === undefined ? {} : { version: rest.version }),
      ...(rest.error === undefined ? {} : { error: rest.error }),
    })),
    ...(plan ? { plan: { state: plan.state, hash: plan.hash, summary: plan.summary } } : {}),
  };
}

function describeCondition(condition: NonNullable<IstioOperatorStatus['conditions']>[number]): ConditionRow {
  const { type, status, reason, message, lastTransitionTime } = condition;
  return { type, status, reason, message, since: lastTransitionTime };
}
