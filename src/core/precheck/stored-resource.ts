import { REVISION_LABEL } from '../../api/istio-names.ts';
import type { IstioRelease } from '../istio/release.ts';
import { displayName, refOf, type JsonObject, type KubeObject } from '../kube-object.ts';
import { formatProblem } from '../problem.ts';
import { estimateWork } from '../validate/estimate-work.ts';
import { validateResource } from '../validate/validate-resource.ts';

/** A resource of Istio's that is stored, and what a release that comes would say of it. */
export interface StoredResource {
  /** `VirtualService shop/web`. */
  name: string;
  /** Why it would be refused; absent for one that was too large to be judged here. */
  refusal?: string;
}

/** By {@link estimateWork}: a tenth of a second's worth. */
const MAX_WORK = 100_000;

interface Step {
  from: IstioRelease;
  to: IstioRelease;
  /** Of the control plane; `default` for the one without a name. */
  revision: string;
}

/**
 * What an upgrade makes of a stored resource: undefined where the release that comes says no more against it than the one
 * that runs, or where the resource is another revision's.
 */
export function judgeStored(resource: KubeObject, { from, to, revision }: Step): StoredResource | undefined {
  const label = resource.metadata.labels?.[REVISION_LABEL];
  if (label !== undefined && label !== revision) return undefined;
  const name = displayName(refOf(resource));
  const object = resource as unknown as JsonObject;
  if (estimateWork(object).units > MAX_WORK) return { name };
  const errorsOf = (release: IstioRelease): string[] =>
    (validateResource(object, { release })?.findings ?? [])
      .filter(({ severity }) => severity === 'error')
      .map((finding) => formatProblem(finding));
  const known = new Set(errorsOf(from));
  const refusal = errorsOf(to).find((error) => !known.has(error));
  return refusal === undefined ? undefined : { name, refusal };
}
