import type { JsonObject } from '../../kube-object.ts';
import type { ChartContext } from '../chart.ts';
import type { Form } from '../../components.ts';
import type { WebhookEndpoint } from '../../operator-endpoint.ts';
import { computeChartValues } from './chart-values.ts';
import { computeInstances } from './component-instances.ts';
import type { ComponentInstance } from './component-instances.ts';
import { computeInstanceValues } from './instance-values.ts';
import type { IstioRelease } from '../../istio/release.ts';

export interface ContextSettings {
  release: IstioRelease;
  form: Form;
  /** What labels name as the charts' version. */
  chartVersion: string;
  /** The API server's version, such as `v1.33.1`. */
  kubeVersion: string;
  webhookEndpoint?: WebhookEndpoint;
}

export interface InstanceContext {
  instance: ComponentInstance;
  context: ChartContext;
}

/** What each enabled component's renderer gets to see. Throws RenderError when a preset does not exist. */
export function computeChartContexts(tree: JsonObject, settings: ContextSettings): InstanceContext[] {
  const { release, form, chartVersion, kubeVersion, webhookEndpoint } = settings;
  const { version, traits } = release;
  return computeInstances(tree).map((instance) => {
    const originalValues = computeInstanceValues(tree, instance, { form, traits });
    const values = computeChartValues(instance.component, originalValues, version);
    const { component, namespace } = instance;
    const kubeMinor = Number(/^v?\d+\.(\d+)/.exec(kubeVersion)?.[1] ?? version.oldestKubeMinor);
    return {
      instance,
      context: {
        component,
        form,
        traits,
        namespace,
        values,
        originalValues,
        kubeMinor,
        kubeVersion,
        chartVersion,
        ...(webhookEndpoint ? { webhookEndpoint } : {}),
      },
    };
  });
}
