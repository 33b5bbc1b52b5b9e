import { describe, expect, it } from 'vitest';
import { answerRequest, type PageAnswer, type PageRequest } from './answer-request.ts';

const HOST = '127.0.0.1:7700';
const SNAPSHOT = { json: '{"reportVersion":1}', etag: '"one"' };

function ask(request: Partial<PageRequest>, snapshot = () => Promise.resolve(SNAPSHOT)): Promise<PageAnswer> {
  return answerRequest(
    { method: 'GET', url: '/', host: HOST, etag: undefined, ...request },
    { names: new Set(['127.0.0.1', '[::1]']), assets: { script: 'script()', style: 'a{}' }, snapshot },
  );
}

describe('what there is', () => {
  it.each([
    ['/', 'text/html', '<script src="page.js">'],
    ['/?x=1', 'text/html', '<script src="page.js">'],
    ['/page.js', 'text/javascript', 'script()'],
    ['/page.css', 'text/css', 'a{}'],
    ['/api/v1/state', 'application/json', SNAPSHOT.json],
  ])('%s', async (url, type, content) => {
    const { status, headers, body } = await ask({ url });
    expect(status).toBe(200);
    expect(headers['content-type']).toBe(`${type}; charset=utf-8`);
    expect(body).toContain(content);
  });

  it('has no script in the page itself, and lets none run', async () => {
    const { headers, body } = await ask({});
    expect(body).not.toMatch(/<script>|<style>| on\w+=/);
    expect(headers['content-security-policy']).toContain("default-src 'none'; script-src 'self';");
    expect(headers['content-security-policy']).not.toContain('unsafe');
  });
});

it.each(['127.0.0.1', '127.0.0.1:80', '[::1]', '[::1]:7700'])('answers by the name %s', async (host) => {
  expect((await ask({ host })).status).toBe(200);
});

describe('what is refused', () => {
  it.each<[what: string, request: Partial<PageRequest>, status: number]>([
    ['a name that somebody else lets lead here', { host: 'evil.example.com:7700' }, 421],
    ['no name', { host: undefined }, 421],
    ['a name that begins like one of its own', { host: '127.0.0.1.evil.example.com:7700' }, 421],
    ['a change', { method: 'POST' }, 405],
    ['a change of the state', { method: 'DELETE', url: '/api/v1/state' }, 405],
    ['another path', { url: '/../../etc/passwd' }, 404],
  ])('%s', async (_what, request, status) => {
    const answer = await ask(request);
    expect(answer.status).toBe(status);
    expect(answer.body).not.toContain('reportVersion');
    expect(answer.headers['content-security-policy']).toBeDefined();
  });
});

describe('the state', () => {
  it('is not sent again while nothing has changed', async () => {
    const answer = await ask({ url: '/api/v1/state', etag: '"one"' });
    expect(answer).toMatchObject({ status: 304, body: '', headers: { etag: '"one"' } });
  });

  it('says why the cluster cannot be read', async () => {
    const answer = await ask({ url: '/api/v1/state' }, () => Promise.reject(new Error('connection refused')));
    expect(answer).toMatchObject({ status: 502, body: 'the cluster could not be read: connection refused\n' });
  });
});
