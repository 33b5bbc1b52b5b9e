import { readFile } from 'node:fs/promises';
import { request } from 'node:https';
import { join } from 'node:path';

/** The answer to one request: its status code, and its body parsed where it is JSON. */
export interface Answer {
  readonly status: number;
  readonly body: unknown;
}

/** Sends one request as the cluster's administrator. */
export type AdminApi = (method: 'GET' | 'POST' | 'DELETE', path: string, body?: object) => Promise<Answer>;

/**
 * A client for the launcher's own few requests (is it ready, create nodes). Tests and the operator use a Kubernetes
 * client with the kubeconfig instead.
 */
export async function adminApi(server: string, pkiDir: string): Promise<AdminApi> {
  const [ca, cert, key] = await Promise.all(
    ['ca.crt', 'admin.crt', 'admin.key'].map((name) => readFile(join(pkiDir, name))),
  );
  return (method, path, body) =>
    new Promise((resolve, reject) => {
      const payload = body === undefined ? undefined : JSON.stringify(body);
      const headers = payload === undefined ? {} : { 'content-type': 'application/json' };
      const outgoing = request(
        `${server}${path}`,
        { method, ca, cert, key, headers, agent: false, timeout: 5_000 },
        (incoming) => {
          const chunks: Buffer[] = [];
          incoming.on('data', (chunk: Buffer) => chunks.push(chunk));
          incoming.on('error', reject);
          incoming.on('end', () =>
            resolve({ status: incoming.statusCode ?? 0, body: parse(Buffer.concat(chunks).toString()) }),
          );
        },
      );
      outgoing.on('timeout', () => outgoing.destroy(new Error(`${method} ${path}: no answer in 5 s`)));
      outgoing.on('error', reject);
      outgoing.end(payload);
    });
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return text;
  }
}
