import { ISTIO_OPERATOR } from '../../api/install/istio-operator-kind.ts';
import { diffObjects } from '../../core/diff/object-diff.ts';
import { isJsonObject, type JsonObject, type KubeObject } from '../../core/kube-object.ts';
import { formatProblem, type Problem } from '../../core/problem.ts';
import { inApplyOrder } from '../../core/render/order.ts';
import type { RenderOptions } from '../../core/render/index.ts';
import { render } from '../../core/render/render.ts';
import type { Comparison } from './comparison.ts';
import { pickIstioOperator, type FileNotes } from './pick-istio-operator.ts';
import { readManifest } from './read-manifest.ts';

/** The difference of two files, each an IstioOperator or a manifest. */
export function compareFiles(a: string, b: string, options: RenderOptions): Comparison {
  const notes = { warnings: [], problems: [] };
  const [before, after] = [readObjects(a, options, notes), readObjects(b, options, notes)];
  if (notes.problems.length > 0) return { differences: [], same: 0, ...notes };
  return { ...diffObjects(inApplyOrder(before), inApplyOrder(after)), ...notes };
}

function readObjects(file: string, options: RenderOptions, notes: FileNotes): KubeObject[] {
  const documents = readManifest(file, notes).flatMap(itemsOf);
  if (!documents.some(({ kind }) => kind === ISTIO_OPERATOR.kind)) {
    return documents.filter((document, index) => isNamed(document, `${file}: document ${index + 1}`, notes));
  }
  return pickIstioOperator(file, documents, notes).flatMap((operator) =>
    renderOperator(file, operator, options, notes),
  );
}

/** What `kubectl get -o yaml` prints is one List. */
function itemsOf(document: JsonObject): JsonObject[] {
  const { kind, items } = document;
  return kind === 'List' && Array.isArray(items) ? items.filter(isJsonObject) : [document];
}

function isNamed(document: JsonObject, where: string, notes: FileNotes): document is JsonObject & KubeObject {
  const { apiVersion, kind, metadata } = document;
  const name = isJsonObject(metadata) ? metadata['name'] : undefined;
  const missing = Object.entries({ apiVersion, kind, 'metadata.name': name })
    .filter(([, value]) => typeof value !== 'string' || value === '')
    .map(([field]) => field);
  if (missing.length === 0) return true;
  notes.problems.push(`${where} is no Kubernetes object: it has no ${missing.join(', no ')}`);
  return false;
}

function renderOperator(file: string, document: JsonObject, options: RenderOptions, notes: FileNotes): KubeObject[] {
  const result = render({ documents: [document] }, options);
  const told = (problem: Problem): string => `${file}: ${formatProblem(problem)}`;
  notes.warnings.push(...result.warnings.map(told));
  if (result.ok) return result.value.components.flatMap(({ objects }) => objects);
  notes.problems.push(...result.problems.map(told));
  return [];
}
