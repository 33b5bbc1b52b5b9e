// Counts what the operator asked the API server to change, from the API server's own audit log.
import { readFile } from 'node:fs/promises';

const OPERATOR = 'system:serviceaccount:sailwright-system:sailwright';
const WRITES = new Set(['create', 'update', 'patch', 'delete', 'deletecollection']);

/** One request as the audit log has it. */
export interface AuditEntry {
  verb: string;
  stage: string;
  requestURI: string;
  requestReceivedTimestamp: string;
  user: { username: string };
  userAgent?: string;
  responseStatus?: { code?: number };
  objectRef?: { resource?: string; namespace?: string; name?: string; subresource?: string };
}

/** What the operator asked since that moment. Lease renewals belong to no pass: they go on for ever. */
export function fetchOperatorRequests(auditLog: string, since: Date): Promise<AuditEntry[]> {
  return fetchRequests(auditLog, since, isOfOperator);
}

/** The operator's writes since that moment. */
export async function fetchOperatorWrites(auditLog: string, since: Date): Promise<AuditEntry[]> {
  return (await fetchOperatorRequests(auditLog, since)).filter(isWrite);
}

/** What commands of `sailwright` wrote since that moment, by the rights of their user. */
export async function fetchCommandWrites(auditLog: string, since: Date): Promise<AuditEntry[]> {
  return (await fetchRequests(auditLog, since, isOfCommand)).filter(isWrite);
}

/** What a ServiceAccount, named as in `NAMESPACE:NAME`, wrote since that moment. */
export async function fetchAccountWrites(auditLog: string, since: Date, account: string): Promise<AuditEntry[]> {
  const isOfAccount = ({ user }: AuditEntry): boolean => user.username === `system:serviceaccount:${account}`;
  return (await fetchRequests(auditLog, since, isOfAccount)).filter(isWrite);
}

async function fetchRequests(
  auditLog: string,
  since: Date,
  isWanted: (entry: AuditEntry) => boolean,
): Promise<AuditEntry[]> {
  const lines = (await readFile(auditLog, 'utf8')).split('\n');
  return lines.flatMap(parseEntry).filter((entry) => isAnswered(entry, since) && isWanted(entry));
}

function isOfOperator({ user }: AuditEntry): boolean {
  return user.username === OPERATOR;
}

function isOfCommand(entry: AuditEntry): boolean {
  return !isOfOperator(entry) && /^sailwright\//.test(entry.userAgent ?? '');
}

/** The last line may be half written while the API server runs. */
function parseEntry(line: string): AuditEntry[] {
  try {
    return [JSON.parse(line) as AuditEntry];
  } catch {
    return [];
  }
}

function isAnswered(entry: AuditEntry, since: Date): boolean {
  return (
    entry.stage === 'ResponseComplete' &&
    entry.objectRef?.resource !== 'leases' &&
    new Date(entry.requestReceivedTimestamp) >= since
  );
}

/** Whether the request changes something: no read, and no dry run. */
export function isWrite({ verb, requestURI }: AuditEntry): boolean {
  return WRITES.has(verb) && !requestURI.includes('dryRun=All');
}

/** `patch services istio-system/istiod`: one line of a failed assertion. */
export function displayEntry({ verb, objectRef }: AuditEntry): string {
  const { resource = '?', subresource, namespace, name = '' } = objectRef ?? {};
  return `${verb} ${resource}${subresource ? `/${subresource}` : ''} ${namespace ? `${namespace}/` : ''}${name}`;
}
