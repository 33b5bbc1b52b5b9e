import { inApplyOrder } from '../core/render/order.ts';
import { render as renderDocuments } from '../core/render/render.ts';
import { coreOptions } from './core-options.ts';
import type { KubernetesObject } from './kubernetes-object.ts';
import { plainObject } from './plain-object.ts';
import { InputError, UNREADABLE, type Problem } from './problem.ts';
import type { RenderOptions } from './render-options.ts';

/** The objects of one component, or of one gateway. */
export interface RenderedComponent {
  component: 'Base' | 'Pilot' | 'IngressGateways' | 'EgressGateways' | 'Cni' | 'Ztunnel';
  /** `istiod`, or the name of the gateway. */
  instance: string;
  namespace: string;
  objects: KubernetesObject[];
}

/** All objects, or everything that is wrong; never half of it. */
export type RenderResult =
  | {
      ok: true;
      /** In the order in which they can be applied. */
      objects: KubernetesObject[];
      /** The same objects by component. */
      components: RenderedComponent[];
      /** Release of Istio that was rendered. */
      istioVersion: string;
      /** Revision of the control plane; empty when it has none. */
      revision: string;
      warnings: Problem[];
    }
  | { ok: false; problems: Problem[]; warnings: Problem[] };

/**
 * Renders what an IstioOperator asks for, or several that are merged, the last one strongest, as
 * `sailwright manifest generate` does. @throws InputError for what is no object.
 */
export function render(istioOperator: object | readonly object[], options: RenderOptions = {}): RenderResult {
  const resources = (Array.isArray(istioOperator) ? istioOperator : [istioOperator]) as readonly object[];
  if (resources.length === 0) {
    throw new InputError([{ path: '', code: UNREADABLE, message: 'must be at least one IstioOperator' }]);
  }
  const documents = resources.map((resource, i) => plainObject(resource, i === 0 ? '' : `[${i}]`));
  const { profile, set = [] } = options;
  const input = { documents, setFlags: [...set], ...(profile === undefined ? {} : { profile }) };
  const result = renderDocuments(input, coreOptions(options));
  if (!result.ok) return { ok: false, problems: result.problems, warnings: result.warnings };
  const { release, revision } = result.value;
  // Rendering keeps parts that are always the same, such as definitions: whoever changes an object changes his own.
  const components = structuredClone(result.value.components);
  const objects = inApplyOrder(components.flatMap((component) => component.objects));
  return { ok: true, objects, components, istioVersion: release, revision, warnings: result.warnings };
}
