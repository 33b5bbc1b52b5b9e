import { writeFile } from 'node:fs/promises';
import type { Kubectl } from './kubectl.ts';

/** Which ServiceAccount, and where its kubeconfig goes. */
export interface ServiceAccountAccess {
  readonly namespace: string;
  readonly name: string;
  /** The file to write. */
  readonly path: string;
}

interface Kubeconfig {
  users?: { name: string; user: object }[];
  contexts?: { name: string; context: { cluster: string; user: string; namespace?: string } }[];
}

const LIFETIME = '24h';

/**
 * Writes a kubeconfig that acts as a ServiceAccount, with exactly its rights, from outside the cluster. The kubectl
 * must be bound to a kubeconfig that may create tokens for it.
 */
export async function writeServiceAccountKubeconfig(kubectl: Kubectl, access: ServiceAccountAccess): Promise<string> {
  const { namespace, name, path } = access;
  const token = (await kubectl(['create', 'token', name, '--namespace', namespace, `--duration=${LIFETIME}`])).trim();
  const config = JSON.parse(
    await kubectl(['config', 'view', '--raw', '--minify', '--flatten', '-o', 'json']),
  ) as Kubeconfig;
  // The administrator's certificate must go: the API server would take it before the token.
  config.users = [{ name, user: { token } }];
  for (const { context } of config.contexts ?? []) {
    context.user = name;
    context.namespace = namespace;
  }
  await writeFile(path, `${JSON.stringify(config, null, 2)}\n`, { mode: 0o600 });
  return path;
}
