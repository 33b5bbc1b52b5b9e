import { ANALYSIS_REPORT, type AnalysisReport, type ReportedFinding } from '../../../api/analysis/analysis-report.ts';
import { isEqual } from '../../json-equality.ts';
import type { Json, KubeObject } from '../../kube-object.ts';
import { compareMessages } from '../analyze.ts';
import { KIND } from '../kinds.ts';
import { levelOf, MESSAGE_TYPES, type Message } from '../messages.ts';

/** Each namespace has one report at most. */
export const REPORT_NAME = 'sailwright';

const MAX_FINDINGS = 100;
const MAX_TEXT = 500;

/**
 * The reports of all namespaces in which something is wrong. What concerns no namespace is reported where the operator
 * runs. Equal findings give equal reports, whenever they are looked for.
 */
export function computeReports(messages: readonly Message[], operatorNamespace: string): KubeObject[] {
  const byNamespace = new Map<string, Message[]>();
  for (const message of messages.filter((each) => levelOf(each) !== 'Info')) {
    const namespace = namespaceOf(message) || operatorNamespace;
    const found = byNamespace.get(namespace);
    if (found) found.push(message);
    else byNamespace.set(namespace, [message]);
  }
  return [...byNamespace].map(([namespace, found]) => ({
    apiVersion: ANALYSIS_REPORT.apiVersion,
    kind: ANALYSIS_REPORT.kind,
    metadata: { name: REPORT_NAME, namespace, labels: { 'app.kubernetes.io/managed-by': 'sailwright' } },
    ...reportOf(found),
  }));
}

/** Whether a report says the same as one that is stored. */
export function isSameReport(report: KubeObject, stored: KubeObject): boolean {
  return (['summary', 'findings'] as const).every((field) => isEqual(report[field] as Json, stored[field] as Json));
}

/** A namespace is reported in itself. */
function namespaceOf({ resource: { kind, name, namespace } }: Message): string {
  return kind === KIND.namespace ? name : namespace;
}

function reportOf(found: readonly Message[]): AnalysisReport {
  const errors = found.filter((each) => levelOf(each) === 'Error').length;
  const listed = [...found].sort(compareMessages).slice(0, MAX_FINDINGS);
  return { summary: { errors, warnings: found.length - errors }, findings: listed.map(findingOf) };
}

function findingOf(message: Message): ReportedFinding {
  const { code, resource, path, text } = message;
  const [apiGroup = '', kind = ''] = resource.kind.split('/');
  return {
    code,
    name: MESSAGE_TYPES[code].name,
    level: levelOf(message) === 'Error' ? 'Error' : 'Warning',
    ...(apiGroup === '' ? {} : { apiGroup }),
    kind,
    resource: resource.name,
    ...(path === '' ? {} : { path }),
    message: text.length > MAX_TEXT ? `${text.slice(0, MAX_TEXT - 1)}…` : text,
  };
}
