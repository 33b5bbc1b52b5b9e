import * as z from 'zod';
import { choice, int32, intOrString, kubeObject, quantity, text } from '../field-types.ts';
import { labelSelector } from './selectors.ts';

const metricTarget = kubeObject('MetricTarget', () => ({
  type: choice('Utilization', 'Value', 'AverageValue'),
  value: quantity,
  averageValue: quantity,
  averageUtilization: int32,
}));
const metric = kubeObject('MetricIdentifier', () => ({ name: text, selector: labelSelector }));
const crossVersionObjectReference = kubeObject('CrossVersionObjectReference', () => ({
  kind: text,
  name: text,
  apiVersion: text,
}));

const metricSpec = kubeObject('MetricSpec', () => ({
  type: choice('Object', 'Pods', 'Resource', 'ContainerResource', 'External'),
  object: kubeObject('ObjectMetricSource', () => ({
    describedObject: crossVersionObjectReference,
    target: metricTarget,
    metric,
  })),
  pods: kubeObject('PodsMetricSource', () => ({ metric, target: metricTarget })),
  resource: kubeObject('ResourceMetricSource', () => ({ name: text, target: metricTarget })),
  containerResource: kubeObject('ContainerResourceMetricSource', () => ({
    name: text,
    target: metricTarget,
    container: text,
  })),
  external: kubeObject('ExternalMetricSource', () => ({ metric, target: metricTarget })),
}));

const scalingRules = kubeObject('HPAScalingRules', () => ({
  stabilizationWindowSeconds: int32,
  selectPolicy: choice('Max', 'Min', 'Disabled'),
  policies: z.array(
    kubeObject('HPAScalingPolicy', () => ({ type: choice('Pods', 'Percent'), value: int32, periodSeconds: int32 })),
  ),
  tolerance: quantity,
}));

export const autoscalerBehavior = kubeObject('HorizontalPodAutoscalerBehavior', () => ({
  scaleUp: scalingRules,
  scaleDown: scalingRules,
}));

export const autoscalerSpec = kubeObject('HorizontalPodAutoscalerSpec', () => ({
  scaleTargetRef: crossVersionObjectReference,
  minReplicas: int32,
  maxReplicas: int32,
  metrics: z.array(metricSpec),
  behavior: autoscalerBehavior,
}));

export const podDisruptionBudgetSpec = kubeObject('PodDisruptionBudgetSpec', () => ({
  minAvailable: intOrString,
  selector: labelSelector,
  maxUnavailable: intOrString,
  unhealthyPodEvictionPolicy: choice('IfHealthyBudget', 'AlwaysAllow'),
}));

export const deploymentStrategy = kubeObject('DeploymentStrategy', () => ({
  type: choice('Recreate', 'RollingUpdate'),
  rollingUpdate: kubeObject('RollingUpdateDeployment', () => ({ maxUnavailable: intOrString, maxSurge: intOrString })),
}));
