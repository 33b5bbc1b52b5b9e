// What HTTP/2 and TLS alone cost in Node: reads a review, says the same to all. Its parent gives it a certificate and
// is told its port.
import { once } from 'node:events';
import { createSecureServer } from 'node:http2';
import type { AddressInfo } from 'node:net';

interface Review {
  request: { uid: string };
}

/** As long as those that carry a sidecar. */
const PATCH = Buffer.alloc(7_500, 'a sidecar').toString('base64');
const MORE = new Map<string, object>([
  ['/inject', { patchType: 'JSONPatch', patch: PATCH }],
  ['/validate', {}],
]);

/** The least that the API server takes for an answer. */
function answer(path: string, body: string): string {
  const { request } = JSON.parse(body) as Review;
  const response = { uid: request.uid, allowed: true, ...MORE.get(path) };
  return JSON.stringify({ kind: 'AdmissionReview', apiVersion: 'admission.k8s.io/v1', response });
}

const [{ cert, key }] = (await once(process, 'message')) as [{ cert: string; key: string }];
const server = createSecureServer({ cert, key });
server.on('stream', (stream, headers) => {
  const chunks: Buffer[] = [];
  stream.on('data', (chunk: Buffer) => chunks.push(chunk));
  stream.on('end', () => {
    const said = answer(headers[':path'] ?? '', Buffer.concat(chunks).toString('utf8'));
    stream.respond({ ':status': 200, 'content-type': 'application/json' });
    stream.end(said);
  });
});
process.on('disconnect', () => process.exit(0));
server.listen(0, '127.0.0.1', () => process.send?.({ port: (server.address() as AddressInfo).port }));
