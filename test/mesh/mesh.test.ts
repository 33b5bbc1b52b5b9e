// One cluster with the operator as it ships, and all that is asked of the meshes it makes: starting takes longer than
// asking. Each suite has namespaces of its own.
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

import { gatewayCases } from './cases/gateways.ts';
import { MIGRATION_NAMESPACE, mtlsMigrationCases } from './cases/mtls-migration.ts';
import { operationCases } from './cases/operation.ts';
import { operatorCases } from './cases/operator.ts';
import { podCases } from './cases/pods.ts';
import { proxyRolloutCases } from './cases/proxy-rollout.ts';
import { revisionCases } from './cases/revisions.ts';
import { routingCases } from './cases/routing.ts';
import { sampleCases } from './cases/samples.ts';
import { securityCases } from './cases/security.ts';
import { tlsCheckCases } from './cases/tls-check.ts';
import { SHIFT_NAMESPACE, shiftCases } from './cases/shifts.ts';
import { startMeshCluster } from '../../testbed/mesh/mesh.ts';
import { describeResident, MEBIBYTE, OperatorMemory } from './support/operator-memory.ts';
import type { RealEnvironment } from '../../testbed/mesh/real-cluster.ts';
import { MISSING } from './support/missing.ts';
import { startMonitoring } from './support/monitoring.ts';
import { weighNodes } from './support/weigh-nodes.ts';

/** A suite: its title, and its cases, which are told where the cluster is. */
type Suite = readonly [title: string, cases: (here: () => RealEnvironment) => void];

/** They mostly wait for settings to arrive. */
const SETTINGS: readonly Suite[] = [
  ['injected pods where mTLS is STRICT', podCases],
  ['a mesh between two nodes', securityCases],
  ['requests in the mesh', routingCases],
  ['mutual TLS as it is foretold', tlsCheckCases],
  ['at the edges of the mesh', gatewayCases],
  ['the samples', sampleCases],
  ['traffic that is shifted', shiftCases],
  ['the way to STRICT', mtlsMigrationCases],
];

/** They have control planes of their own. */
const REVISIONS: readonly Suite[] = [
  ['two revisions', revisionCases],
  ['proxies renewed in waves', proxyRolloutCases],
];

describe.skipIf(MISSING.length > 0)('on real nodes', () => {
  let environment: RealEnvironment;
  const here = (): RealEnvironment => environment;
  const memory = new OperatorMemory();
  let atRest: string;

  beforeAll(async () => {
    environment = await startMeshCluster();
    await weighNodes(environment);
    await startMonitoring(environment.kubectl, [SHIFT_NAMESPACE, MIGRATION_NAMESPACE]);
  });
  afterAll(() => environment?.cluster.stop());

  describe('config/default', () => {
    operatorCases(here);
    afterAll(async () => {
      atRest = describeResident(await memory.look(here()));
    });
  });
  describeSideBySide(SETTINGS);
  describe('under 200 requests a second', () => {
    operationCases(here);
    afterAll(() => memory.look(here()));
  });
  describeSideBySide(REVISIONS);

  /** The cases of one suite follow each other; the suites do not wait for each other. */
  function describeSideBySide(suites: readonly Suite[]): void {
    for (const [title, cases] of suites) {
      describe.concurrent('beside others', () => {
        describe.sequential(title, () => {
          cases(here);
          afterAll(() => memory.look(here()));
        });
      });
    }
  }

  it('and the operator stayed far below its memory limit', async () => {
    const afterwards = describeResident(await memory.look(here()));
    console.log(
      `the operator held ${atRest} at rest, ${afterwards} after the whole run; ${memory.describe()}, of 512 MiB`,
    );
    expect(memory.highest('workingSet')).toBeLessThan(256 * MEBIBYTE);
  });
});
