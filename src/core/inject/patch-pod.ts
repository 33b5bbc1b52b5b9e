import type { JsonObject } from '../kube-object.ts';
import { patchBeside } from './beside/patch-beside.ts';
import type { CompiledInjectionConfig } from './compile-injection-config.ts';
import { computePatch } from './compute-patch.ts';
import type { InjectionDecision } from './decide.ts';
import { deniedBy, type Denied } from './denial.ts';
import { injectedPod } from './inject.ts';
import { patchText } from './patch-text.ts';
import { prepareInjection, type InjectionRequest, type PreparedPod } from './prepare-injection.ts';
import { InjectionError, type Pod } from './template-context.ts';

/** The patch is JSON text. */
export type PatchResult =
  | { outcome: 'skipped'; decision: InjectionDecision }
  | { outcome: 'patched'; decision: InjectionDecision; patch: string }
  | Denied;

/** What {@link inject} makes of a pod, as the JSON patch that turns the one into the other. */
export function patchPod(request: InjectionRequest, config: CompiledInjectionConfig): PatchResult {
  try {
    const prepared = prepareInjection(request, config);
    const { decision } = prepared;
    if (!prepared.pod) return { outcome: 'skipped', decision };
    const patch = tryBeside(prepared, request.pod, config) ?? wholePatch(prepared, request, config);
    return { outcome: 'patched', decision, patch };
  } catch (error) {
    return deniedBy(error);
  }
}

/** What is wrong with a pod is said by the long way. */
function tryBeside(prepared: PreparedPod, original: Pod, config: CompiledInjectionConfig): string | undefined {
  try {
    return patchBeside(prepared, original, config);
  } catch (error) {
    if (error instanceof InjectionError) return undefined;
    throw error;
  }
}

function wholePatch(prepared: PreparedPod, request: InjectionRequest, config: CompiledInjectionConfig): string {
  const after = injectedPod(prepared, request, config);
  return patchText(computePatch(request.pod as unknown as JsonObject, after as unknown as JsonObject));
}
