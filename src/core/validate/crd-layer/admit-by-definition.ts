import type { JsonObject } from '../../kube-object.ts';
import type { Finding } from '../finding.ts';
import { Findings } from '../findings.ts';
import { checkRules } from './check-rules.ts';
import { checkSchema } from './check-schema.ts';
import { pruneObject } from './prune.ts';
import { structuralSchemaOf } from './structural-schema.ts';

/** What the API server makes of an object by the definition of its kind, before any webhook sees it. */
export interface Admission {
  /** Why it is refused, if it is. */
  findings: Finding[];
  /** Paths of fields that are dropped, or refused when the client asks to be strict, as kubectl does. */
  unknownFields: string[];
  /** What is stored, and what webhooks see. */
  admitted: JsonObject;
}

/** Predicts that for one of Istio's kinds; undefined when the version is not served, or the kind is of others. */
export function admitByDefinition(object: JsonObject): Admission | undefined {
  const { apiVersion, kind } = object;
  if (typeof apiVersion !== 'string' || typeof kind !== 'string') return undefined;
  const schema = structuralSchemaOf(apiVersion, kind);
  if (!schema) return undefined;
  const unknownFields: string[] = [];
  const admitted = pruneObject(object, schema, unknownFields);
  const findings = new Findings();
  checkSchema(withoutMetadata(admitted), schema, '', findings);
  if (findings.list.length === 0) checkRules(withoutMetadata(admitted), schema, '', findings);
  return { findings: findings.list, unknownFields, admitted };
}

/** The API server judges metadata by rules of its own. */
function withoutMetadata({ spec, status }: JsonObject): JsonObject {
  return { ...(spec === undefined ? {} : { spec }), ...(status === undefined ? {} : { status }) };
}
