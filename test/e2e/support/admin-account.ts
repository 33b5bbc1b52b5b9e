import type { Kubectl } from '../../../testbed/kubectl.ts';
import {
  writeServiceAccountKubeconfig,
  type ServiceAccountAccess,
} from '../../../testbed/service-account-kubeconfig.ts';

/** Makes a ServiceAccount with all rights, in a new namespace, and writes its kubeconfig: GitOps tools have such. */
export async function makeAdminAccount(kubectl: Kubectl, access: ServiceAccountAccess): Promise<void> {
  const { namespace, name } = access;
  await kubectl(['create', 'namespace', namespace]);
  await kubectl(['create', 'serviceaccount', name, '-n', namespace]);
  const rights = ['--clusterrole=cluster-admin', `--serviceaccount=${namespace}:${name}`];
  await kubectl(['create', 'clusterrolebinding', namespace, ...rights]);
  await writeServiceAccountKubeconfig(kubectl, access);
}
