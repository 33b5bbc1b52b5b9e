// The operator and meshes held by Flux's controller and Argo CD's engine, for long: what they would change, what the operator
// writes.
import { GITOPS_EVENTS, GitOpsLife } from '../e2e/support/gitops-life.ts';
import { describeObservation, noObservation, type Observation } from '../e2e/support/gitops-watch.ts';

/** Lets one thing after the other happen until the time is over. Rejects when Git and the cluster ever differed. */
export async function runGitOps(minutes: number): Promise<void> {
  const life = await GitOpsLife.start('real');
  const end = Date.now() + minutes * 60_000;
  const seen: Observation[] = [];
  try {
    console.log('\nmanifests of the operator and a mesh held by Flux, a mesh by Argo CD');
    for (let round = 0; Date.now() < end; round += 1) {
      const event = GITOPS_EVENTS[round % GITOPS_EVENTS.length] ?? 'nothing happens';
      const observation = await life.observe(event, 10);
      seen.push(observation);
      console.log(`  ${describeObservation(observation)}`);
    }
  } finally {
    await life.stop();
  }
  const all = seen.reduce(addObservations, noObservation('all together'));
  console.log(`  ${describeObservation(all)}`);
  const faults = [...all.differences, ...all.writesToGit];
  if (faults.length > 0) throw new Error(`Git and the cluster differed:\n${faults.join('\n')}`);
}

function addObservations(all: Observation, one: Observation): Observation {
  return {
    what: all.what,
    seconds: all.seconds + one.seconds,
    looks: all.looks + one.looks,
    compared: all.compared + one.compared,
    differences: [...all.differences, ...one.differences],
    writes: [...all.writes, ...one.writes],
    writesToGit: [...all.writesToGit, ...one.writesToGit],
    unhealthy: [...all.unhealthy, ...one.unhealthy],
  };
}
