import { execFile } from 'node:child_process';
import { writeFile } from 'node:fs/promises';
import { promisify } from 'node:util';

/** Which ServiceAccount of which cluster, and where the kubeconfig goes. */
export interface ServiceAccountAccess {
  readonly kubectl: string;
  /** A kubeconfig that may create tokens for the ServiceAccount. */
  readonly kubeconfig: string;
  readonly namespace: string;
  readonly name: string;
  /** The file to write. */
  readonly path: string;
  /** Lifetime of the token; 24 hours unless told. */
  readonly durationSeconds?: number;
}

interface Kubeconfig {
  users?: { name: string; user: object }[];
  contexts?: { name: string; context: { cluster: string; user: string; namespace?: string } }[];
}

/** Writes a kubeconfig that acts as a ServiceAccount, with exactly its rights, from outside the cluster. */
export async function writeServiceAccountKubeconfig(access: ServiceAccountAccess): Promise<void> {
  const kubectl = async (...args: string[]): Promise<string> =>
    (await promisify(execFile)(access.kubectl, ['--kubeconfig', access.kubeconfig, ...args])).stdout;
  const duration = `--duration=${access.durationSeconds ?? 86_400}s`;
  const token = (await kubectl('create', 'token', access.name, '--namespace', access.namespace, duration)).trim();
  const config = JSON.parse(
    await kubectl('config', 'view', '--raw', '--minify', '--flatten', '-o', 'json'),
  ) as Kubeconfig;
  // The administrator's certificate must go: the API server would take it before the token.
  config.users = [{ name: access.name, user: { token } }];
  for (const { context } of config.contexts ?? []) {
    context.user = access.name;
    context.namespace = access.namespace;
  }
  await writeFile(access.path, `${JSON.stringify(config, null, 2)}\n`, { mode: 0o600 });
}
