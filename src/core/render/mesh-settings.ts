import { meshConfigWithDefaults } from '../inject/mesh-config.ts';
import { InjectionError } from '../inject/template-context.ts';
import type { JsonObject } from '../kube-object.ts';
import type { Problem } from '../problem.ts';
import { validateMeshConfig } from '../validate/mesh/mesh-config.ts';
import { mapAt } from '../values/tree-path.ts';

const PATH = 'spec.meshConfig';

/** Refuses settings of the mesh that istiod could not use. Looks only when the user gave some: the defaults are good. */
export function validateMeshSettings(
  user: JsonObject,
  tree: JsonObject,
  findings: { problems: Problem[]; warnings: Problem[] },
): void {
  if (!mapAt(user, ['spec', 'meshConfig']) && !mapAt(user, ['spec', 'values', 'meshConfig'])) return;
  try {
    const mesh = meshConfigWithDefaults(mapAt(tree, ['spec', 'values', 'meshConfig']) ?? {});
    for (const { severity, path, message } of validateMeshConfig(mesh, PATH)) {
      (severity === 'error' ? findings.problems : findings.warnings).push({ path, message });
    }
  } catch (error) {
    if (!(error instanceof InjectionError)) throw error;
    findings.problems.push({ path: PATH, message: error.message });
  }
}
