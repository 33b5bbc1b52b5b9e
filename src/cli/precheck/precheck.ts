import { formatFinding, type PrecheckFinding } from '../../core/precheck/finding.ts';
import { precheck, skippedCodes } from '../../core/precheck/precheck.ts';
import { findVersion, listMinors, newerThan } from '../../core/istio/registry.ts';
import { installedRelease } from '../../core/istio/installed-release.ts';
import { parseRelease, releaseOf, type IstioRelease } from '../../core/istio/release.ts';
import type { KubeObject } from '../../core/kube-object.ts';
import type { KubeApi } from '../../kube/kube-api.ts';
import type { Call } from '../shell/command.ts';
import { connectCluster } from '../shell/connect-cluster.ts';
import { fetchIstioOperators } from '../shell/fetch-istio-operators.ts';
import { InputError } from '../shell/input-error.ts';
import type { Io } from '../shell/io.ts';
import { toStructured } from '../shell/structured.ts';
import { UsageError } from '../shell/usage-error.ts';
import { fetchFacts } from './fetch-facts.ts';
import type { PRECHECK_OPTIONS } from './options.ts';

/** What was found for one mesh. */
export interface Checked {
  /** `NAMESPACE/NAME` of the IstioOperator; empty for a mesh of another installer. */
  resource: string;
  from: string;
  to: string;
  findings: (PrecheckFinding & { skipped: boolean })[];
}

/** `sailwright precheck`: the findings, and 1 when one of them blocks. */
export async function runPrecheck({ flags, operands }: Call<typeof PRECHECK_OPTIONS>, io: Io): Promise<number> {
  const [name, ...more] = operands;
  if (more.length > 0) throw new UsageError('precheck takes one NAME');
  const asked = { from: releaseAsked('--from', flags.from), to: releaseAsked('--to', flags.to) };
  const api = connectCluster(flags);
  try {
    const resources = await fetchIstioOperators(api, name, flags.namespace);
    if (resources.length === 0 && (name !== undefined || !asked.from)) throw nothingToCheck(name);
    const subjects = resources.length === 0 ? [undefined] : resources;
    const checked: Checked[] = [];
    for (const resource of subjects) checked.push(await checkStep(api, resource, asked));
    io.out(flags.output === 'text' ? checked.map(checkText).join('\n') : toStructured(checked, flags.output));
    return checked.some(({ findings }) => findings.some(isInTheWay)) ? 1 : 0;
  } finally {
    api.close();
  }
}

/** Releases that a command line names; what runs, and what comes next, where it names none. */
interface Asked {
  from: IstioRelease | undefined;
  to: IstioRelease | undefined;
}

/** A release that is known. @throws UsageError */
export function releaseAsked(flag: string, text: string | undefined): IstioRelease | undefined {
  if (text === undefined) return undefined;
  const version = findVersion(parseRelease(text)?.minor ?? text);
  if (!version)
    throw new UsageError(`${flag} takes a minor or release of Istio that is known (${listMinors()}), not "${text}"`);
  return releaseOf(version, text);
}

function nothingToCheck(name: string | undefined): InputError {
  return new InputError(
    name === undefined
      ? 'the cluster has no IstioOperator: name the release that runs with --from'
      : `the cluster has no IstioOperator called ${name}: look with kubectl get istiooperators -A`,
  );
}

/** Looks for what speaks against a step of one mesh. @throws ApiError, InputError */
export async function checkStep(api: KubeApi, resource: KubeObject | undefined, asked: Asked): Promise<Checked> {
  const metadata = resource?.metadata;
  const label = metadata ? `${metadata.namespace}/${metadata.name}` : '';
  const from = asked.from ?? installedRelease(resource?.['status'] ?? {});
  if (!from)
    throw new InputError(`IstioOperator ${label} has installed nothing yet: name the release that runs with --from`);
  const to = asked.to ?? nextRelease(from);
  const facts = await fetchFacts(api, resource, { from, to });
  const skipped = resource ? skippedCodes(resource) : new Set<string>();
  const findings = precheck(facts).map((finding) => ({ ...finding, skipped: skipped.has(finding.code) }));
  return { resource: label, from: from.name, to: to.name, findings };
}

/** The next minor that is no preview, else the newest patch of the one that runs. */
function nextRelease({ version }: IstioRelease): IstioRelease {
  const settled = newerThan(version).filter(({ isPreview }) => !isPreview);
  const next = settled.at(-1) ?? version;
  return releaseOf(next);
}

/** Whether a finding keeps the operator from the step. */
export function isInTheWay({ level, skipped }: Checked['findings'][number]): boolean {
  return level === 'blocking' && !skipped;
}

/** A check for people. */
export function checkText({ resource, from, to, findings }: Checked): string {
  const name = resource === '' ? 'the mesh' : `IstioOperator ${resource}`;
  const title = from === to ? `${name}: ${from}, and no newer release is known` : `${name}: ${from} to ${to}`;
  const lines = findings.map((finding) => {
    const level = finding.skipped && finding.level === 'blocking' ? 'skipped' : finding.level;
    return `  ${level.padEnd(8)}  ${formatFinding(finding)}`;
  });
  const blocking = findings.filter(isInTheWay).length;
  const verdict =
    blocking === 0
      ? from === to
        ? 'nothing is in the way of its pods, as they are'
        : 'nothing blocks the upgrade'
      : `${blocking} in the way of the upgrade`;
  return [title, ...lines, `  ${verdict}`, ''].join('\n');
}
