import { SKIP_PRECHECK_ANNOTATION } from '../../api/our-names.ts';
import { PRECHECK_CODES } from '../../api/install/precheck-codes.ts';
import { nearest } from '../../api/near-miss.ts';
import type { KubeObject } from '../kube-object.ts';
import { checkEnvoyFilters } from './check-envoy-filters.ts';
import { checkResources } from './check-resources.ts';
import {
  checkFlags,
  checkGatewayApi,
  checkKubernetes,
  checkPreview,
  checkProxies,
  checkSettings,
  checkStep,
} from './check-versions.ts';
import { checkWorkloads } from './check-workloads.ts';
import type { PrecheckFacts } from './facts.ts';
import { formatFinding, type PrecheckFinding } from './finding.ts';

const CHECKS: readonly ((facts: PrecheckFacts) => PrecheckFinding[])[] = [
  checkStep,
  checkPreview,
  checkKubernetes,
  checkProxies,
  checkFlags,
  checkGatewayApi,
  checkConflicts,
  checkSettings,
  checkResources,
  checkEnvoyFilters,
  checkWorkloads,
];

/** What speaks against an upgrade in place: blocking findings first, each kind in a fixed order. */
export function precheck(facts: PrecheckFacts): PrecheckFinding[] {
  const findings = CHECKS.flatMap((check) => check(facts));
  const isBlocking = ({ level }: PrecheckFinding): boolean => level === 'blocking';
  return [...findings.filter(isBlocking), ...findings.filter((finding) => !isBlocking(finding))];
}

function checkConflicts({ conflicts }: PrecheckFacts): PrecheckFinding[] {
  const hint = 'remove the other injector, or let it take other pods';
  return conflicts.map((message) => ({ code: 'InjectorsCompete', level: 'blocking', message, hint }));
}

/** Codes that the resource's annotation passes over. */
export function skippedCodes({ metadata }: Pick<KubeObject, 'metadata'>): ReadonlySet<string> {
  const names = metadata.annotations?.[SKIP_PRECHECK_ANNOTATION] ?? '';
  return new Set(
    names
      .split(',')
      .map((name) => name.trim())
      .filter((name) => name !== ''),
  );
}

/** Why the upgrade does not begin, with a way out; undefined where nothing stops it. */
export function describeBlocked(
  findings: readonly PrecheckFinding[],
  { from, to }: Pick<PrecheckFacts, 'from' | 'to'>,
  skipped: ReadonlySet<string>,
): string | undefined {
  const blocking = findings.filter(({ code, level }) => level === 'blocking' && !skipped.has(code));
  if (blocking.length === 0) return undefined;
  const codes = [...new Set(blocking.map(({ code }) => code))].join(',');
  return [
    `the upgrade from ${from.name} to ${to.name} was not begun: ${blocking.map(formatFinding).join('; ')}`,
    `annotation ${SKIP_PRECHECK_ANNOTATION}: "${codes}" passes over it`,
    ...unknownCodes(skipped),
  ].join('. ');
}

function unknownCodes(skipped: ReadonlySet<string>): string[] {
  const known = Object.keys(PRECHECK_CODES);
  return [...skipped]
    .filter((name) => !known.includes(name))
    .map((name) => {
      const meant = nearest(name, known);
      const help = meant === undefined ? '' : `, did you mean "${meant}"?`;
      return `${SKIP_PRECHECK_ANNOTATION} names "${name}", which is no code${help}`;
    });
}
