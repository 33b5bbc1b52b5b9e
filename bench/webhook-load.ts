// Posts AdmissionReviews over one HTTP/2 connection, as the API server does.
import { connect, type ClientHttp2Session } from 'node:http2';
import { connect as connectPlain } from 'node:net';
import { connect as connectTls, type TLSSocket } from 'node:tls';

/** One answer's status and text. */
export interface Answer {
  status: number;
  body: string;
}

export function openConnection(port: number, localAddress = '127.0.0.1'): ClientHttp2Session {
  // The certificate is the server's own; its check is not what is measured.
  const createConnection = (): TLSSocket => {
    const socket = connectPlain({ host: '127.0.0.1', port, localAddress, noDelay: true });
    return connectTls({ socket, rejectUnauthorized: false, ALPNProtocols: ['h2'] });
  };
  return connect(`https://127.0.0.1:${port}`, { createConnection });
}

export function post(connection: ClientHttp2Session, path: string, body: Buffer): Promise<Answer> {
  return new Promise((resolve, reject) => {
    const stream = connection.request({
      ':method': 'POST',
      ':path': path,
      'content-type': 'application/json',
      'content-length': body.length,
    });
    let status = 0;
    const chunks: Buffer[] = [];
    stream.on('response', (headers) => (status = headers[':status'] ?? 0));
    stream.on('data', (chunk: Buffer) => chunks.push(chunk));
    stream.on('end', () => resolve({ status, body: Buffer.concat(chunks).toString('utf8') }));
    stream.on('error', reject);
    stream.end(body);
  });
}
