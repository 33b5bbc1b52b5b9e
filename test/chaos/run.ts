// npm run chaos [-- takeover|kill|partition|faults|scale|rollout|large-mesh|gitops ...] [--rounds N] [--pods N] [--workloads N] [--minutes N]: breaks a running operator in
// many ways and prints how long it takes until all is as asked. Exit code 1 when it never is.
import { parseArgs } from 'node:util';
import { buildOperator } from '../../testbed/operator-process.ts';
import { Environment } from '../e2e/support/environment.ts';
import { runFaults } from './faults.ts';
import { runGitOps } from './gitops.ts';
import { runKills } from './kill.ts';
import { runLargeMesh } from './large-mesh.ts';
import { runPartitions } from './partition.ts';
import { runRollout } from './rollout.ts';
import { runScale } from './scale.ts';
import { runTakeovers } from './takeover.ts';

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    rounds: { type: 'string', default: '20' },
    pods: { type: 'string', default: '10000' },
    workloads: { type: 'string', default: '200' },
    minutes: { type: 'string', default: '30' },
  },
});
const rounds = Number(values.rounds);
const scenarios: Readonly<Record<string, (environment: Environment) => Promise<void>>> = {
  takeover: (environment) => runTakeovers(environment, Math.min(rounds, 10)),
  kill: (environment) => runKills(environment, rounds),
  partition: (environment) => runPartitions(environment, Math.min(rounds, 10)),
  faults: runFaults,
  scale: (environment) => runScale(environment, Number(values.pods)),
  rollout: (environment) => runRollout(environment, Number(values.workloads), rounds),
  'large-mesh': runLargeMesh,
};
const known = [...Object.keys(scenarios), 'gitops'];
const names = positionals.length > 0 ? positionals : Object.keys(scenarios);
const unknown = names.filter((name) => !known.includes(name));
if (unknown.length > 0) {
  console.error(`no such scenario: ${unknown.join(', ')}; there are ${known.join(', ')}`);
  process.exit(2);
}
await buildOperator();
// It has a cluster of its own, which it installs from Git.
if (names.includes('gitops')) await runGitOps(Number(values.minutes));
const inOne = names.filter((name) => name !== 'gitops');
if (inOne.length > 0) {
  const environment = await Environment.start();
  try {
    for (const name of inOne) await scenarios[name]?.(environment);
  } finally {
    await environment.stop();
  }
}
