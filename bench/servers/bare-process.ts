// What HTTP and TLS alone cost in Node: reads a review, says the same to all. Its parent gives it a certificate and
// is told its port.
import { once } from 'node:events';
import { createServer as createHttp1Server } from 'node:http';
import { createServer as createHttp2Server } from 'node:http2';
import type { AddressInfo } from 'node:net';
import type { Readable } from 'node:stream';
import { createServer as createTlsServer } from 'node:tls';

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

const receive = (source: Readable, path: string, send: (said: string) => void): void => {
  const chunks: Buffer[] = [];
  source.on('data', (chunk: Buffer) => chunks.push(chunk));
  source.on('end', () => send(answer(path, Buffer.concat(chunks).toString('utf8'))));
};
const http2 = createHttp2Server().on('stream', (stream, headers) => {
  receive(stream, headers[':path'] ?? '', (said) => {
    stream.respond({ ':status': 200, 'content-type': 'application/json' });
    stream.end(said);
  });
});
const http1 = createHttp1Server((request, response) => {
  receive(request, request.url ?? '', (said) => {
    response.writeHead(200, { 'content-type': 'application/json', 'content-length': Buffer.byteLength(said) });
    response.end(said);
  });
});

const [{ cert, key }] = (await once(process, 'message')) as [{ cert: string; key: string }];
const server = createTlsServer({ cert, key, ALPNProtocols: ['h2', 'http/1.1'], noDelay: true }, (socket) => {
  (socket.alpnProtocol === 'h2' ? http2 : http1).emit('connection', socket);
});
process.on('disconnect', () => process.exit(0));
server.listen(0, '127.0.0.1', () => process.send?.({ port: (server.address() as AddressInfo).port }));
