// Istiod of the default profile, as Istio's own tool configures it.
import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { parseAllDocuments } from 'yaml';
import { startIstiod, type IstiodConfiguration } from '../../testbed/istiod.ts';
import type { MeasuredServer } from './measured-server.ts';

const MANIFEST_BYTES = 64 * 2 ** 20;

export interface IstiodPeerOptions {
  version: string;
  /** Writes the manifests that hold its configuration. */
  istioctl: string;
  /** Where its files go. */
  folder: string;
}

/** Starts istiod, which is ready when this resolves. */
export async function startIstiodPeer({ version, istioctl, folder }: IstiodPeerOptions): Promise<MeasuredServer> {
  const configuration = await renderConfiguration(istioctl);
  return { name: 'istiod', ...(await startIstiod({ version, configuration, folder })) };
}

async function renderConfiguration(istioctl: string): Promise<IstiodConfiguration> {
  const { stdout } = await promisify(execFile)(istioctl, ['manifest', 'generate'], { maxBuffer: MANIFEST_BYTES });
  const objects = parseAllDocuments(stdout).map((document) => document.toJS() as ConfigMap | null);
  const dataOf = (name: string): Record<string, string> =>
    objects.find((object) => object?.kind === 'ConfigMap' && object.metadata.name === name)?.data ?? {};
  const { config = '', values = '' } = dataOf('istio-sidecar-injector');
  const { mesh = '' } = dataOf('istio');
  return { config, values, mesh };
}

interface ConfigMap {
  kind: string;
  metadata: { name: string };
  data?: Record<string, string>;
}
