import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { isJsonObject, type JsonObject, type KubeObject } from '../../src/core/kube-object.ts';
import { computeGrantedRules, computeOperatorRoles } from './cluster-role.ts';
import { ROLE_FILES } from './cluster-role-file.ts';
import { RENDERED_KINDS } from '../../src/core/authorize/rendered-kinds.ts';
import { renderDocument } from './render-features.ts';
import { RENDERED_FEATURES } from './rendered-features.ts';
import { computeMissingGrants, type PolicyRule } from '../../src/core/powers/policy-rules.ts';

const ROOT = join(import.meta.dirname, '../..');
const CORPUS = join(ROOT, '../shared/corpus/manifests');
const readRules = (path: string): PolicyRule[] =>
  computeGrantedRules([parse(readFileSync(join(ROOT, path), 'utf8')) as KubeObject]);
const { work, clusterGrants, namespaceGrants, home } = ROLE_FILES;
const held = [work, clusterGrants, namespaceGrants].flatMap(({ path }) => readRules(path));
/** Bound on request only: config/external-ca. */
const withExternalCa = [...held, ...readRules('config/external-ca/cluster-role.yaml')];

const features = Object.entries(RENDERED_FEATURES).map(([name, spec]) => ({ name, spec: spec as JsonObject }));
const samples = readdirSync(join(ROOT, 'config/samples'))
  .filter((name) => name.startsWith('istiooperator-'))
  .map((name) => ({ name, document: parse(readFileSync(join(ROOT, 'config/samples', name), 'utf8')) as JsonObject }));

/** Roles that name a group of the user's choice, which no fixed role can hold: docs/adr/0006. */
const OUTSIDE = new Set(['val-pilot-env-mcs-api-group']);

describe('the operator’s ClusterRole', () => {
  it.each(features)('holds what $name grants, and knows each kind', ({ spec }) => {
    const objects = renderDocument({ spec });
    expect(computeMissingGrants(held, computeGrantedRules(objects))).toEqual([]);
    expect(objects.map(({ kind }) => kind).filter((kind) => !Object.hasOwn(RENDERED_KINDS, kind))).toEqual([]);
  });

  it.each(samples)('holds what $name grants', ({ document }) => {
    expect(computeMissingGrants(held, computeGrantedRules(renderDocument(document)))).toEqual([]);
  });

  it.skipIf(!existsSync(CORPUS))(
    'holds what every input of the corpus grants (skipped without ../shared)',
    { timeout: 30_000 },
    () => {
      const missing: string[] = [];
      for (const name of readdirSync(CORPUS).filter((entry) => !OUTSIDE.has(entry))) {
        const document: unknown = parse(readFileSync(join(CORPUS, name, 'input.yaml'), 'utf8'), { version: '1.1' });
        if (!isJsonObject(document)) continue;
        const objects = renderOrNothing(document);
        const kinds = objects.map(({ kind }) => kind).filter((kind) => !Object.hasOwn(RENDERED_KINDS, kind));
        const grants = computeMissingGrants(withExternalCa, computeGrantedRules(objects)).map((grant) =>
          JSON.stringify(grant),
        );
        missing.push(...[...kinds, ...grants].map((what) => `${name}: ${what}`));
      }
      expect(missing).toEqual([]);
    },
  );

  it('leaves the approval of certificates to config/external-ca', () => {
    const objects = renderDocument({
      spec: { values: { pilot: { env: { EXTERNAL_CA: 'ISTIOD_RA_KUBERNETES_API' } } } },
    });
    const wanted = computeGrantedRules(objects);
    expect(computeMissingGrants(held, wanted)).not.toEqual([]);
    expect(computeMissingGrants(withExternalCa, wanted)).toEqual([]);
  });

  it('grants no verb and no group wholesale, and none of the powers that lift RBAC', () => {
    for (const { verbs, apiGroups } of held) {
      expect(verbs).not.toEqual(expect.arrayContaining(['*']));
      expect(verbs).not.toEqual(expect.arrayContaining(['escalate']));
      expect(verbs).not.toEqual(expect.arrayContaining(['bind']));
      expect(verbs).not.toEqual(expect.arrayContaining(['impersonate']));
      expect(apiGroups).not.toContain('*');
    }
  });

  it('covers Secrets in its own namespace by name, and elsewhere only what roles grant', () => {
    const secrets = (path: string): PolicyRule[] =>
      readRules(path).filter(({ resources }) => resources?.includes('secrets'));
    expect(secrets(work.path)).toEqual([]);
    expect(secrets(home.path).filter(({ verbs }) => !verbs.includes('create'))).toEqual([
      expect.objectContaining({ resourceNames: ['sailwright-webhook-certificate'] }),
    ]);
    expect(secrets(clusterGrants.path).flatMap(({ verbs }) => verbs)).toEqual(['get', 'list', 'watch']);
    expect(secrets(namespaceGrants.path).flatMap(({ verbs }) => verbs)).toEqual(['create', 'delete', 'update']);
  });

  it('holds what ClusterRoles grant without what Roles grant in their namespaces', () => {
    const inCluster = [work, clusterGrants].flatMap(({ path }) => readRules(path));
    for (const { spec } of features) {
      const wanted = computeGrantedRules(renderDocument({ spec }), ['ClusterRole']);
      expect(computeMissingGrants(inCluster, wanted)).toEqual([]);
    }
  });

  it('refuses to be generated from a role with every verb', () => {
    const rules = [{ apiGroups: [''], resources: ['pods'], verbs: ['*'] }];
    const object = { apiVersion: 'rbac.authorization.k8s.io/v1', kind: 'Role', metadata: { name: 'x' }, rules };
    expect(() => computeOperatorRoles([object])).toThrow('every verb');
  });
});

/** Some inputs of the corpus are refused in our form; what is not rendered grants nothing. */
function renderOrNothing(document: JsonObject): KubeObject[] {
  try {
    return renderDocument(document);
  } catch {
    return [];
  }
}
