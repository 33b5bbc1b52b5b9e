import { isJsonObject, type Json } from '../../kube-object.ts';

/** The network by which Multus calls Istio's plugin. */
export const CNI_NETWORK = 'default/istio-cni';

/** Adds a network to Multus' annotation, which is a list of names or the text of a JSON array; never twice. */
export function appendMultusNetwork(existing: string, network: string): string {
  if (existing === '') return network;
  const end = existing.lastIndexOf(']');
  if (end >= 0) return appendToJson(existing, end, network);
  const listed = existing.split(',').some((name) => name.trim() === network);
  return listed ? existing : `${existing}, ${network}`;
}

function appendToJson(existing: string, end: number, network: string): string {
  const networks = parseNetworks(existing);
  if (!networks) return existing;
  const slash = network.indexOf('/');
  const namespace = slash < 0 ? '' : network.slice(0, slash);
  const name = network.slice(slash + 1);
  const listed = networks.some(
    (item) => isJsonObject(item) && item.name === name && (item.namespace ?? '') === namespace,
  );
  if (listed) return existing;
  const fields = namespace === '' ? `"name": "${name}"` : `"name": "${name}", "namespace": "${namespace}"`;
  return `${existing.slice(0, end)}, {${fields}}${existing.slice(end)}`;
}

function parseNetworks(text: string): Json[] | undefined {
  try {
    const value = JSON.parse(text) as Json;
    return Array.isArray(value) && value.every((item) => item === null || isJsonObject(item)) ? value : undefined;
  } catch {
    return undefined;
  }
}
