import { isJsonObject, type JsonObject } from '../kube-object.ts';
import type { Finding, ProblemCode } from '../problem.ts';

const MAX_LENGTH = 253;
const LABEL = '[a-z0-9]([-a-z0-9]*[a-z0-9])?';
const SUBDOMAIN = new RegExp(`^${LABEL}(\\.${LABEL})*$`);

/** What the API server has against the name of an object: it is needed, unless one is generated, and is a DNS subdomain. */
export function findObjectNameFault({ metadata }: JsonObject): Finding | undefined {
  const { name, generateName } = isJsonObject(metadata) ? metadata : {};
  if (name === undefined || name === null || name === '') {
    if (typeof generateName === 'string' && generateName !== '') return undefined;
    // A warning: tools that make objects of files, Istio's own among them, fill names in.
    return {
      ...refuse('NameMissing', 'is missing: the API server refuses an object without a name'),
      severity: 'warning',
    };
  }
  if (typeof name !== 'string') return undefined;
  if (name.length > MAX_LENGTH)
    return refuse('NameInvalid', `is ${name.length} characters long; at most ${MAX_LENGTH}`);
  if (SUBDOMAIN.test(name)) return undefined;
  const rule = 'use a-z, 0-9, - and ., with a letter or digit at both ends of each part';
  return refuse('NameInvalid', `${JSON.stringify(name)} is not a name of an object: ${rule}`);
}

function refuse(code: ProblemCode, message: string): Finding {
  return { severity: 'error', path: 'metadata.name', code, message };
}
