// Who may talk to whom, as clients see it: identities, mTLS and authorization between pods on two nodes.
import { generateKeyPairSync, sign } from 'node:crypto';

import { afterAll, beforeAll, expect, it } from 'vitest';

import type { Kubectl } from '../../../testbed/kubectl.ts';
import { PATIENTLY, waitFor } from '../../../testbed/wait.ts';
import type { Pod } from '../../../testbed/mesh/pods.ts';
import type { RealEnvironment } from '../../../testbed/mesh/real-cluster.ts';
import {
  apply,
  createNamespace,
  deleteNamespaces,
  deploy,
  run,
  send,
  type Tally,
} from '../../../testbed/mesh/workloads.ts';
import { installSharedMesh } from '../support/shared-mesh.ts';

const BACKEND = 'http://backend.vault:8080/';
const IDENTITY = (name: string): string => `spiffe://cluster.local/ns/vault/sa/${name}`;

/** Policies of namespace `vault`, by requests from inside and outside of the mesh. */
export function securityCases(here: () => RealEnvironment): void {
  let kubectl: Kubectl;
  let frontend: Pod;
  let backend: Pod;
  let outsider: Pod;

  beforeAll(async () => {
    const { cluster } = here();
    ({ kubectl } = here());
    await installSharedMesh(here());
    const [one = '', other = ''] = cluster.nodes.map(({ name }) => name);
    await createNamespace(kubectl, 'vault', { 'istio-injection': 'enabled' });
    await createNamespace(kubectl, 'street');
    const pods = await Promise.all([
      deploy(kubectl, { namespace: 'vault', name: 'frontend', node: one }),
      deploy(kubectl, { namespace: 'vault', name: 'backend', node: other }),
      deploy(kubectl, { namespace: 'street', name: 'outsider', node: one }),
    ]);
    [frontend, backend, outsider] = pods.map(([pod]) => pod) as [Pod, Pod, Pod];
  });
  afterAll(() => deleteNamespaces(kubectl, 'vault', 'street'));

  /** Asks until what comes back is as it should be: settings reach proxies when they do. */
  const waitForAnswers = (from: Pod, isRight: (tally: Tally) => boolean, ...flags: string[]): Promise<Tally> =>
    waitFor(
      'answers to be as they should',
      async () => {
        const tally = await send(kubectl, from, `-url=${BACKEND}`, '-count=5', '-close', ...flags);
        if (isRight(tally)) return tally;
        throw new Error(JSON.stringify(tally));
      },
      PATIENTLY,
    );
  const allOf = (status: number) => (tally: Tally) => tally.statuses[status] === tally.requests;
  const allReset = (tally: Tally): boolean => Object.keys(tally.statuses).length === 0;

  const authorize = (name: string, spec: object): Promise<string> =>
    apply(kubectl, {
      apiVersion: 'security.istio.io/v1',
      kind: 'AuthorizationPolicy',
      metadata: { namespace: 'vault', name },
      spec: { selector: { matchLabels: { app: 'backend' } }, ...spec },
    });
  const forget = (...names: string[]): Promise<string> =>
    kubectl(['-n', 'vault', 'delete', ...names, '--ignore-not-found']);

  it('gives injected pods a proxy beside the application', () => {
    expect(backend.status.containerStatuses?.every(({ ready, restartCount }) => ready && restartCount === 0)).toBe(
      true,
    );
    expect(outsider.spec.containers.map(({ name }) => name)).toEqual(['app']);
  });

  it('carries requests by mTLS, each side with its own identity', async () => {
    const tally = await waitForAnswers(frontend, allOf(200));
    expect(tally.identities).toEqual({ [IDENTITY('frontend')]: tally.requests });
    const shown = JSON.parse(await run(kubectl, outsider, 'look', `-address=${backend.status.podIP}:8080`)) as {
      identities: string[];
    };
    expect(shown.identities).toEqual([IDENTITY('backend')]);
  });

  it('lets a pod without a proxy in, until the policy is STRICT, and again on a port that is excepted', async () => {
    const policy = (spec: object): object => ({
      apiVersion: 'security.istio.io/v1',
      kind: 'PeerAuthentication',
      metadata: { namespace: 'vault', name: 'default' },
      spec,
    });
    expect((await waitForAnswers(outsider, allOf(200))).identities).toEqual({});
    await apply(kubectl, policy({ mtls: { mode: 'STRICT' } }));
    await waitForAnswers(outsider, allReset);
    await waitForAnswers(frontend, allOf(200));
    await apply(
      kubectl,
      policy({
        selector: { matchLabels: { app: 'backend' } },
        mtls: { mode: 'STRICT' },
        portLevelMtls: { 8080: { mode: 'PERMISSIVE' } },
      }),
    );
    await waitForAnswers(outsider, allOf(200));
    await apply(kubectl, policy({ mtls: { mode: 'STRICT' } }));
    await kubectl(['-n', 'vault', 'delete', 'peerauthentication', 'default']);
    await waitForAnswers(outsider, allOf(200));
  });

  it.each([
    ['principal', { principals: ['cluster.local/ns/vault/sa/frontend'] }],
    ['namespace', { namespaces: ['vault'] }],
  ])('lets in by %s, and nobody else', async (name, source) => {
    await authorize(`by-${name}`, { action: 'ALLOW', rules: [{ from: [{ source }] }] });
    await waitForAnswers(outsider, allOf(403));
    await waitForAnswers(frontend, allOf(200));
    await forget('authorizationpolicy', `by-${name}`);
    await waitForAnswers(outsider, allOf(200));
  });

  it('refuses by header', async () => {
    const when = [{ key: 'request.headers[x-kind]', values: ['robot'] }];
    await authorize('no-robots', { action: 'DENY', rules: [{ when }] });
    await waitForAnswers(frontend, allOf(403), '-header=x-kind=robot');
    await waitForAnswers(frontend, allOf(200));
    await forget('authorizationpolicy', 'no-robots');
    await waitForAnswers(frontend, allOf(200), '-header=x-kind=robot');
  });

  it('lets in by a token that its issuer signed, and refuses others', async () => {
    const issuer = createIssuer('https://issuer.example');
    await apply(kubectl, {
      apiVersion: 'security.istio.io/v1',
      kind: 'RequestAuthentication',
      metadata: { namespace: 'vault', name: 'tokens' },
      spec: {
        selector: { matchLabels: { app: 'backend' } },
        jwtRules: [{ issuer: issuer.name, jwks: issuer.keys }],
      },
    });
    const token = (subject: string, signer = issuer): string => `-header=authorization=Bearer ${signer.issue(subject)}`;
    await waitForAnswers(frontend, allOf(401), token('tester', createIssuer(issuer.name)));
    await waitForAnswers(frontend, allOf(200));
    const source = { requestPrincipals: [`${issuer.name}/tester`] };
    await authorize('by-token', { action: 'ALLOW', rules: [{ from: [{ source }] }] });
    await waitForAnswers(frontend, allOf(403));
    await waitForAnswers(frontend, allOf(200), token('tester'));
    await waitForAnswers(frontend, allOf(403), token('somebody'));
    await forget('authorizationpolicy/by-token', 'requestauthentication/tokens');
    await waitForAnswers(frontend, allOf(200), token('tester', createIssuer(issuer.name)));
  });

  it('refuses everybody by a policy without rules', async () => {
    await authorize('nobody', {});
    await waitForAnswers(frontend, allOf(403));
    await forget('authorizationpolicy', 'nobody');
    await waitForAnswers(frontend, allOf(200));
  });
}

/** Who signs tokens (JWT, RS256): its name, its public keys as a JWKS, and tokens of a subject that hold for an hour. */
function createIssuer(name: string): { name: string; keys: string; issue: (subject: string) => string } {
  const { publicKey, privateKey } = generateKeyPairSync('rsa', { modulusLength: 2048 });
  const encode = (value: object): string => Buffer.from(JSON.stringify(value)).toString('base64url');
  return {
    name,
    keys: JSON.stringify({ keys: [{ ...publicKey.export({ format: 'jwk' }), alg: 'RS256', use: 'sig', kid: 'one' }] }),
    issue: (subject) => {
      const now = Math.floor(Date.now() / 1000);
      const claims = { iss: name, sub: subject, iat: now, exp: now + 3600 };
      const signed = `${encode({ alg: 'RS256', typ: 'JWT', kid: 'one' })}.${encode(claims)}`;
      return `${signed}.${sign('sha256', Buffer.from(signed), privateKey).toString('base64url')}`;
    },
  };
}
