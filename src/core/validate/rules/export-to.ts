import type { Fault, Findings } from '../findings.ts';
import { isDnsLabel } from './dns-label.ts';

/** What decides which values may be exported to. */
export interface ExportContext {
  /** Of the resource: `.` stands for it. */
  namespace: string;
  path: string;
  /** A ServiceEntry may be exported to nobody, by `~`. */
  isServiceEntry?: boolean;
  /** A DestinationRule with a selector stays in its namespace. */
  hasWorkloadSelector?: boolean;
}

/** Records what is wrong with the namespaces that a resource is shown to. */
export function checkExportTo(
  exportTo: readonly string[] | undefined,
  context: ExportContext,
  findings: Findings,
): void {
  if (!exportTo || exportTo.length === 0) return;
  const { namespace, path } = context;
  const seen = new Set<string>();
  exportTo.forEach((value, i) => {
    const scope = value === '.' ? namespace : value;
    if (findings.check(`${path}[${i}]`, findScopeFault(value, scope, seen, context))) seen.add(scope);
  });
  if (context.hasWorkloadSelector && seen.size > 0) checkOwnNamespaceOnly(seen, context, findings);
  if (exportTo.length === 1) return;
  if (seen.has('*')) {
    findings.error(path, 'ExportToConflict', '* already stands for all namespaces: leave out the others, or *');
  }
  if (seen.has('~')) {
    findings.error(path, 'ExportToConflict', '~ exports to nobody: leave out the other namespaces, or ~');
  }
}

function findScopeFault(
  value: string,
  scope: string,
  seen: ReadonlySet<string>,
  { isServiceEntry = false }: ExportContext,
): Fault | undefined {
  if (seen.has(scope)) {
    const what = scope === value ? 'is listed twice' : `stands for ${scope}, which is listed as well`;
    return { code: 'ExportToDuplicate', message: `${JSON.stringify(value)} ${what}: keep one of them` };
  }
  if (scope === '*' || scope === '.' || (isServiceEntry && scope === '~') || isDnsLabel(scope)) return undefined;
  const message = `${JSON.stringify(value)} is not a namespace: use a name, . for the own one, or * for all`;
  return { code: 'ExportToInvalid', message };
}

function checkOwnNamespaceOnly(
  seen: ReadonlySet<string>,
  { namespace, path }: ExportContext,
  findings: Findings,
): void {
  if (seen.has(namespace) && seen.size === 1) return;
  const message = 'a rule with a workloadSelector is only for its own namespace: use ["."], or leave this out';
  findings.error(path, 'ExportToConflict', message);
}
