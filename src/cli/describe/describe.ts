import { nearest } from '../../api/near-miss.ts';
import {
  DESCRIBED_KINDS,
  MeshDescriber,
  type NamespaceDescription,
  type PodDescription,
  type ServiceDescription,
} from '../../core/describe/describe-mesh.ts';
import { KIND } from '../../core/analyze/kinds.ts';
import { findNamed, parsePodName } from '../mesh/find-pod.ts';
import { readMesh } from '../mesh/read-mesh.ts';
import type { MeshState } from '../../core/mesh/mesh-state.ts';
import type { Call } from '../shell/command.ts';
import { InputError } from '../shell/input-error.ts';
import { report, type Io } from '../shell/io.ts';
import { toStructured } from '../shell/structured.ts';
import { UsageError } from '../shell/usage-error.ts';
import { descriptionText } from './description-text.ts';
import type { DESCRIBE_OPTIONS } from './options.ts';

export type Description = PodDescription | ServiceDescription | NamespaceDescription;

/** `sailwright describe`: 1 when analysis finds errors. @throws UsageError, InputError, ApiError */
export async function runDescribe({ flags, operands }: Call<typeof DESCRIBE_OPTIONS>, io: Io): Promise<number> {
  const [kind, name] = operands;
  if (kind === undefined) throw new UsageError('name what to describe: pod, service or namespace, and its name');
  if (name === undefined) throw new UsageError(`name the ${kind}: describe ${kind} NAME`);
  const { mesh, world, notes } = await readMesh(flags, DESCRIBED_KINDS);
  const description = describe({ kind, name, namespace: flags.namespace }, new MeshDescriber(mesh, world), mesh);
  const { output } = flags;
  io.out(output === 'text' ? descriptionText(description, io.columns) : toStructured(description, output));
  report(io, { notes });
  return description.problems.some(({ level }) => level === 'Error') ? 1 : 0;
}

interface Asked {
  kind: string;
  name: string;
  namespace: string | undefined;
}

function describe({ kind, name, namespace }: Asked, describer: MeshDescriber, mesh: MeshState): Description {
  if (kind === 'namespace') return describer.describeNamespace(knownNamespace(name, mesh));
  const named = parsePodName(name, namespace);
  const { workloads, destinations } = describer.checker;
  if (kind === 'pod') return describer.describePod(findNamed(workloads, 'pod', named));
  const services = destinations
    .filter(({ resource }) => resource.kind === KIND.service)
    .map((destination) => ({ name: destination.resource.name, namespace: destination.namespace, destination }));
  return describer.describeService(findNamed(services, 'service', named).destination);
}

/** A file need not hold the namespaces of its objects. */
function knownNamespace(name: string, { namespaces, resources }: MeshState): string {
  const known = new Set([...namespaces.keys(), ...resources.map(({ namespace }) => namespace)]);
  known.delete('');
  if (known.has(name)) return name;
  const meant = nearest(name, known);
  throw new InputError(`there is no namespace ${name}${meant === undefined ? '' : `: did you mean ${meant}?`}`);
}
