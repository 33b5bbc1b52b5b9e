import { expect, it } from 'vitest';
import { ApiError } from '../../kube/errors.ts';
import type { KubeObject } from '../../core/kube-object.ts';
import { restoreObject } from './restore.ts';

const recorded: KubeObject = {
  apiVersion: 'apps/v1',
  kind: 'Deployment',
  metadata: { name: 'gw', namespace: 'ns', managedFields: [{ manager: 'helm', operation: 'Apply' }] },
  spec: { paused: false },
};

/** An API server whose object changes before each of the first patches arrives. */
function createApi(overtaken: number, status = 422): { api: Parameters<typeof restoreObject>[0]; sent: string[] } {
  const sent: string[] = [];
  let version = 0;
  const live = (): KubeObject => ({
    ...recorded,
    metadata: { ...recorded.metadata, resourceVersion: String(version) },
  });
  const api: Parameters<typeof restoreObject>[0] = {
    get: () => Promise.resolve(live()),
    create: () => Promise.reject(new Error('it is there')),
    patch: (_, patch) => {
      const steps = patch as { path: string; value: unknown }[];
      sent.push(`${String(steps[0]?.value)} ${steps.at(-1)?.path ?? ''}`);
      version += 1;
      if (version <= overtaken)
        return Promise.reject(new ApiError({ status, reason: 'Invalid', message: 'test failed' }));
      return Promise.resolve(live());
    },
  };
  return { api, sent };
}

it('writes the fields, then their owners, each on what is there', async () => {
  const { api, sent } = createApi(0);
  await restoreObject(api, recorded);
  expect(sent).toEqual(['0 /spec', '1 /metadata/managedFields']);
});

it('reads anew what others wrote meanwhile', async () => {
  const { api, sent } = createApi(2);
  await restoreObject(api, recorded);
  expect(sent).toEqual(['0 /spec', '1 /spec', '2 /spec', '3 /metadata/managedFields']);
});

it('gives up in the end, and at once on what no reading helps', async () => {
  const busy = createApi(100);
  await expect(restoreObject(busy.api, recorded)).rejects.toThrow('test failed');
  expect(busy.sent).toHaveLength(10);
  const forbidden = createApi(100, 403);
  await expect(restoreObject(forbidden.api, recorded)).rejects.toThrow('test failed');
  expect(forbidden.sent).toHaveLength(1);
});
