import { ISTIO_OPERATOR } from '../../api/install/istio-operator-kind.ts';
import { readControlPlaneConfig } from '../inject/control-plane-config.ts';
import { findControlPlane } from '../inject/control-plane-objects.ts';
import type { InjectionConfig } from '../inject/injection-config.ts';
import type { JsonObject, KubeObject } from '../kube-object.ts';
import type { Problem, Result } from '../problem.ts';
import type { RenderOptions } from './index.ts';
import { render } from './render.ts';

/** What a control plane that is rendered and not installed injects with. */
export interface RenderedInjection {
  config: InjectionConfig;
  /** Its MutatingWebhookConfigurations. */
  webhooks: KubeObject[];
}

/** An IstioOperator that asks for nothing but the usual. */
export const DEFAULT_PROFILE: JsonObject = {
  apiVersion: ISTIO_OPERATOR.apiVersion,
  kind: ISTIO_OPERATOR.kind,
  spec: { profile: 'default' },
};

/** The configuration of the injector that an IstioOperator installs. */
export function renderInjection(istioOperator: JsonObject, options: RenderOptions): Result<RenderedInjection> {
  const result = render({ documents: [istioOperator] }, options);
  if (!result.ok) return result;
  const objects = result.value.components.flatMap((component) => component.objects);
  const controlPlane = findControlPlane(objects, result.value.revision);
  if (!controlPlane) {
    const problem: Problem = {
      path: 'spec',
      code: 'InjectorMissing',
      message: 'installs no injector',
      hint: 'turn on spec.components.pilot',
    };
    return { ok: false, problems: [problem], warnings: result.warnings };
  }
  const webhooks = objects.filter(({ kind }) => kind === 'MutatingWebhookConfiguration');
  return { ok: true, value: { config: readControlPlaneConfig(controlPlane), webhooks }, warnings: result.warnings };
}
