import { newerThan } from '../istio/registry.ts';
import { listSome } from '../list-some.ts';
import type { PrecheckFacts } from './facts.ts';
import type { PrecheckFinding } from './finding.ts';

/** Stored resources that the release that comes refuses: they stay, act otherwise, and cannot be changed any more. */
export function checkResources({ from, to, resources }: PrecheckFacts): PrecheckFinding[] {
  const refused = resources.flatMap(({ name, refusal }) => (refusal === undefined ? [] : [`${name} (${refusal})`]));
  const unjudged = resources.filter(({ refusal }) => refusal === undefined).map(({ name }) => name);
  // A way back must stay open.
  const level = newerThan(from.version).includes(to.version) ? 'blocking' : 'warning';
  const findings: PrecheckFinding[] = [];
  if (refused.length > 0) {
    const message = `istiod ${to.version.minor} refuses what is stored: ${listSome(refused)}`;
    const hint = 'change it to what both releases take';
    findings.push({ code: 'ResourceRefused', level, message, hint });
  }
  if (unjudged.length > 0) {
    const message = `too large to be judged beforehand: ${listSome(unjudged)}`;
    const hint = `judge it with "sailwright validate --istio-version ${to.version.minor}"`;
    findings.push({ code: 'ResourceUnjudged', level: 'warning', message, hint });
  }
  return findings;
}
