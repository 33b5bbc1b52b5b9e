import { describe, expect, it } from 'vitest';

import { obtainCluster } from './obtain.ts';

describe('obtainCluster', () => {
  it('uses the cluster that KUBECONFIG names, and leaves it alone at the end', async () => {
    const said: string[] = [];
    const cluster = await obtainCluster({ onProgress: (line) => said.push(line) }, { KUBECONFIG: '/somewhere/config' });
    expect(cluster).toMatchObject({ kubeconfig: '/somewhere/config', kubectl: 'kubectl', embedded: undefined });
    expect(said).toEqual(['using the cluster of KUBECONFIG=/somewhere/config']);
    await cluster.stop();
  });

  it('refuses several paths, as one cluster must be meant', async () => {
    await expect(obtainCluster({}, { KUBECONFIG: '/a:/b' })).rejects.toThrow(
      'KUBECONFIG holds 2 paths (/a:/b): set it to one file',
    );
  });
});
