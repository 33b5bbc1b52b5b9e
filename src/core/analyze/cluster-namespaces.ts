/** Namespaces of the cluster itself: what is there may be referred to, and is not judged. */
export const CLUSTER_NAMESPACES: readonly string[] = [
  'kube-system',
  'kube-public',
  'kube-node-lease',
  'local-path-storage',
];
