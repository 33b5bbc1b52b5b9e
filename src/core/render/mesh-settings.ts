import { meshConfigWithDefaults } from '../inject/mesh-config.ts';
import { InjectionError } from '../inject/template-context.ts';
import type { IstioRelease } from '../istio/release.ts';
import type { JsonObject } from '../kube-object.ts';
import type { Problem } from '../problem.ts';
import type { Finding } from '../validate/finding.ts';
import { validateMeshConfig } from '../validate/mesh/mesh-config.ts';
import { validateMeshNetworks } from '../validate/mesh/mesh-networks.ts';
import { mapAt } from '../values/tree-path.ts';

const PATH = 'spec.meshConfig';

interface Collected {
  problems: Problem[];
  warnings: Problem[];
}

/** Refuses settings of the mesh that istiod could not use. Looks only when the user gave some: the defaults are good. */
export function validateMeshSettings(
  { user, tree, release }: { user: JsonObject; tree: JsonObject; release: IstioRelease },
  findings: Collected,
): void {
  if (!mapAt(user, ['spec', 'meshConfig']) && !mapAt(user, ['spec', 'values', 'meshConfig'])) return;
  try {
    const mesh = meshConfigWithDefaults(mapAt(tree, ['spec', 'values', 'meshConfig']) ?? {});
    collect(validateMeshConfig(mesh, { path: PATH, release }), findings);
  } catch (error) {
    if (!(error instanceof InjectionError)) throw error;
    findings.problems.push({ path: PATH, code: 'DecodingFailed', message: error.message });
  }
}

/** Refuses networks of the mesh that istiod could not read. Istio's own tool does not look at them. */
export function validateNetworks(tree: JsonObject, findings: Collected): void {
  const networks = mapAt(tree, ['spec', 'values', 'global', 'meshNetworks']);
  collect(validateMeshNetworks(networks, 'spec.values.global.meshNetworks'), findings);
}

function collect(found: readonly Finding[], { problems, warnings }: Collected): void {
  for (const { severity, ...problem } of found) (severity === 'error' ? problems : warnings).push(problem);
}
