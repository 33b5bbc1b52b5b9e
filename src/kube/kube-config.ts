import { errorText } from '../core/error-text.ts';
import { KubeConfig } from '@kubernetes/client-node';

/** A kubeconfig that cannot be used; the message names the file. */
export class KubeConfigError extends Error {
  override readonly name = 'KubeConfigError';
}

/**
 * KUBECONFIG, then ~/.kube/config, then the pod's ServiceAccount; and a context, else its current one.
 * @throws KubeConfigError
 */
export function loadKubeConfig(path?: string, context?: string): KubeConfig {
  const kubeConfig = new KubeConfig();
  const file = path ?? (process.env['KUBECONFIG'] || '~/.kube/config');
  try {
    if (path === undefined) kubeConfig.loadFromDefault();
    else kubeConfig.loadFromFile(path);
  } catch (error) {
    const cause = isMissing(error) ? 'there is no such file' : errorText(error);
    throw new KubeConfigError(`kubeconfig ${file}: cannot be read: ${cause}; ${REMEDY}`, { cause: error });
  }
  if (kubeConfig.getCurrentCluster()?.server === MADE_UP && path === undefined && !process.env['KUBECONFIG']) {
    throw new KubeConfigError(`no cluster is named: there is no ~/.kube/config; ${REMEDY}`);
  }
  if (context !== undefined) useContext(kubeConfig, context, file);
  checkCluster(kubeConfig, file);
  return kubeConfig;
}

/** What the library takes for a cluster where it finds none. */
const MADE_UP = 'http://localhost:8080';
const REMEDY = 'name a kubeconfig with KUBECONFIG or --kubeconfig';

function isMissing(error: unknown): boolean {
  return error instanceof Error && 'code' in error && error.code === 'ENOENT';
}

function useContext(kubeConfig: KubeConfig, context: string, file: string): void {
  const names = kubeConfig.getContexts().map(({ name }) => name);
  if (!names.includes(context)) {
    throw new KubeConfigError(`kubeconfig ${file}: has no context "${context}", but ${names.join(', ') || 'none'}`);
  }
  kubeConfig.setCurrentContext(context);
}

/** Found here, it can be told which file is wrong; later it would be one failed request after another. */
function checkCluster(kubeConfig: KubeConfig, file: string): void {
  const cluster = kubeConfig.getCurrentCluster();
  if (!cluster) {
    const context = kubeConfig.getCurrentContext() || '(none)';
    throw new KubeConfigError(`kubeconfig ${file}: names no cluster for its current context ${context}`);
  }
  if (URL.canParse(cluster.server)) return;
  throw new KubeConfigError(
    `kubeconfig ${file}: cluster ${cluster.name}: server must be a URL, not "${cluster.server}"`,
  );
}
