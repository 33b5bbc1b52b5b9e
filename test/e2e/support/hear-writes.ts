// Hears of every write to the objects of a kind: none is missed, as by a poll.
import type { KubeObject } from '../../../src/core/kube-object.ts';
import type { KubeClient } from '../../../src/kube/client.ts';
import type { KindRef } from '../../../src/kube/kube-api.ts';

/** An object as a write left it. */
export type Note = (object: KubeObject, isGone: boolean) => void;

/** What there is, and where to hear on from. */
export async function listBefore(
  admin: KubeClient,
  kind: KindRef,
): Promise<{ objects: KubeObject[]; version: string }> {
  let objects: KubeObject[] = [];
  const visitor = {
    begin: () => (objects = []),
    visit: (object: KubeObject) => objects.push({ ...object, ...kind }),
    skip: () => undefined,
  };
  const { resourceVersion } = await admin.visit(kind, {}, visitor);
  return { objects, version: resourceVersion };
}

/** Hears until the signal; a watch that the API server ends is begun anew where it ended. */
export async function hearWrites(
  admin: KubeClient,
  kind: KindRef,
  { from, signal, note }: { from: string; signal: AbortSignal; note: Note },
): Promise<void> {
  let version = from;
  const hear = async (): Promise<void> => {
    for await (const { type, object } of await admin.watch(kind, {
      resourceVersion: version,
      timeoutSeconds: 300,
      signal,
    })) {
      version = String(object.metadata['resourceVersion']);
      if (object.metadata.name) note({ ...object, ...kind }, type === 'DELETED');
    }
  };
  while (!signal.aborted) {
    await hear().catch((error: unknown) => {
      if (!signal.aborted) throw error;
    });
  }
}
