import { ISTIO_OPERATOR } from '../../api/install/istio-operator-kind.ts';
import { USUAL_NAMESPACE } from '../../api/istio-names.ts';
import { CONTROL_PLANE_LABEL, VERSION_ANNOTATION } from '../../api/our-names.ts';
import { isJsonObject, type Json, type JsonObject, type KubeObject } from '../../core/kube-object.ts';
import { formatProblem, type Problem } from '../../core/problem.ts';
import { mergeDocuments } from '../../core/render/composition/operator-tree.ts';
import { readOperator } from '../manifest/read-manifest.ts';
import type { FileNotes } from '../manifest/pick-istio-operator.ts';
import { InputError } from '../shell/input-error.ts';
import { report, type Io } from '../shell/io.ts';

/** Where the usual resource is, and what it is called. */
const STANDARD = { name: 'istio', namespace: USUAL_NAMESPACE };

/** What a command line says of the resource to install. */
export interface ResourceFlags {
  filename: readonly string[];
  set: readonly string[];
  profile: string | undefined;
  istioVersion: string | undefined;
}

/** The IstioOperator that a command line asks for. Prints what there is to say of the files. @throws InputError */
export function readResource(flags: ResourceFlags, io: Io): KubeObject {
  const notes: FileNotes = { warnings: [], problems: [] };
  const documents = flags.filename.flatMap((file) => readOperator(file, notes));
  const problems: Problem[] = [];
  const merged = mergeDocuments(
    { documents, setFlags: flags.set, ...(flags.profile === undefined ? {} : { profile: flags.profile }) },
    problems,
  );
  const all = [...notes.problems, ...problems.map(formatProblem)];
  report(io, { warnings: notes.warnings });
  if (all.length > 0) throw new InputError(all.join('; '));
  return { ...withoutStatus(merged), metadata: metadataOf(merged, flags.istioVersion) };
}

/** What kind the files say it is stays, so that a wrong one is told when the resource is judged. */
function withoutStatus({ apiVersion, kind, spec }: JsonObject): KubeObject {
  const text = (value: Json | undefined, standard: string): string => (typeof value === 'string' ? value : standard);
  return {
    apiVersion: text(apiVersion, ISTIO_OPERATOR.apiVersion),
    kind: text(kind, ISTIO_OPERATOR.kind),
    metadata: STANDARD,
    spec: isJsonObject(spec) ? spec : {},
  };
}

function metadataOf({ metadata }: JsonObject, istioVersion: string | undefined): KubeObject['metadata'] {
  const given = (isJsonObject(metadata) ? metadata : {}) as Partial<KubeObject['metadata']>;
  const { name = STANDARD.name, namespace = STANDARD.namespace, labels } = given;
  const annotations = {
    ...given.annotations,
    ...(istioVersion === undefined ? {} : { [VERSION_ANNOTATION]: istioVersion }),
  };
  return {
    name,
    namespace,
    ...(labels ? { labels } : {}),
    ...(Object.keys(annotations).length > 0 ? { annotations } : {}),
  };
}

/** The namespace of a resource, as it is made where there is none. */
export function namespaceFor({ metadata }: KubeObject): KubeObject {
  const { namespace = USUAL_NAMESPACE } = metadata;
  const labels = namespace === USUAL_NAMESPACE ? {} : { labels: { [CONTROL_PLANE_LABEL]: 'true' } };
  return { apiVersion: 'v1', kind: 'Namespace', metadata: { name: namespace, ...labels } };
}
