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
  const file = path ?? process.env['KUBECONFIG'] ?? '~/.kube/config';
  try {
    if (path === undefined) kubeConfig.loadFromDefault();
    else kubeConfig.loadFromFile(path);
  } catch (error) {
    const cause = errorText(error);
    const remedy = 'set KUBECONFIG, or use --kubeconfig, to name a kubeconfig that can be read';
    throw new KubeConfigError(`kubeconfig ${file}: cannot be read: ${cause}. ${remedy}`, { cause: error });
  }
  if (context !== undefined) useContext(kubeConfig, context, file);
  checkCluster(kubeConfig, file);
  return kubeConfig;
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
