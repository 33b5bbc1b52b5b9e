import { ISTIO_OPERATOR } from '../../api/install/istio-operator-kind.ts';
import { listSome } from '../../core/list-some.ts';
import { isJsonObject, type JsonObject } from '../../core/kube-object.ts';
import { describePlaceholder, findPlaceholder } from '../../core/values/unrendered.ts';

/** What there is to say of files. */
export interface FileNotes {
  warnings: string[];
  problems: string[];
}

/**
 * The IstioOperator of a file: one, beside which other objects (its Namespace, say) may stand and are told of. A single
 * document is taken for one whatever its kind says; what is wrong with it is told when it is decoded.
 */
export function pickIstioOperator(file: string, documents: readonly JsonObject[], notes: FileNotes): JsonObject[] {
  const picked = documents.length < 2 ? [...documents] : pickAmong(file, documents, notes);
  const placeholders = picked.flatMap((document) => findPlaceholder(document, '') ?? []);
  notes.problems.push(...placeholders.map((placeholder) => `${file}: ${describePlaceholder(placeholder)}`));
  return placeholders.length > 0 ? [] : picked;
}

function pickAmong(file: string, documents: readonly JsonObject[], notes: FileNotes): JsonObject[] {
  const operators = documents.filter(({ kind }) => kind === ISTIO_OPERATOR.kind);
  if (operators.length !== 1) {
    const count = operators.length === 0 ? 'no IstioOperator' : `${operators.length} IstioOperators`;
    const remedy = operators.length === 0 ? 'one is needed' : 'put each into a file of its own';
    notes.problems.push(`${file}: holds ${documents.length} documents and ${count}: ${remedy}`);
    return [];
  }
  const others = documents.filter((document) => document !== operators[0]).map(nameOf);
  notes.warnings.push(`${file}: beside the IstioOperator, and passed over: ${listSome(others)}`);
  return operators;
}

function nameOf({ kind, metadata }: JsonObject): string {
  const name = isJsonObject(metadata) && typeof metadata.name === 'string' ? metadata.name : 'without a name';
  return `${typeof kind === 'string' ? kind : 'an object'} ${name}`;
}
