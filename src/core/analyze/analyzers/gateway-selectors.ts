import { GATEWAY_NAME_LABEL } from '../../../api/istio-names.ts';
import { isJsonObject } from '../../kube-object.ts';
import type { Analyzer } from '../analyzer.ts';
import { KIND } from '../kinds.ts';
import { message } from '../messages.ts';
import { specAs, type Resource } from '../resource.ts';
import { hasLabels, type Labels } from '../../label-selector.ts';

const POLICIES = [KIND.authorizationPolicy, KIND.requestAuthentication, KIND.telemetry, KIND.wasmPlugin] as const;

/** A policy selects workloads by labels or attaches to one target. */
interface Policy {
  selector?: { matchLabels?: Labels };
  targetRef?: unknown;
}

function selectorOf(resource: Resource): Labels | undefined {
  const { selector, targetRef } = specAs<Policy>(resource);
  return isJsonObject(targetRef) || !selector ? undefined : (selector.matchLabels ?? {});
}

/** Policies that select pods of Gateway API gateways, which only listen to targetRefs. */
export const gatewaySelectors: Analyzer = {
  name: 'k8sgateway.SelectorAnalyzer',
  inputs: [...POLICIES, KIND.pod],
  analyze: (world) => {
    const gateways = world.list(KIND.pod).filter(({ labels }) => GATEWAY_NAME_LABEL in labels);
    return POLICIES.flatMap((kind) => world.list(kind)).flatMap((resource) => {
      const selector = selectorOf(resource);
      if (!selector) return [];
      const selected = gateways.filter(
        (pod) => pod.namespace === resource.namespace && hasLabels(pod.labels, selector),
      );
      return [...new Set(selected.map(({ labels }) => labels[GATEWAY_NAME_LABEL] ?? ''))].map((gateway) => {
        const text = `The selector has no effect on Gateway ${gateway} of the Gateway API: name it in spec.targetRefs.`;
        return message('IST0166', resource, text, 'spec.selector');
      });
    });
  },
};
