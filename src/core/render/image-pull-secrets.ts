import type { ChartContext } from './chart.ts';
import { bareLabel } from './labels.ts';
import type { Json } from '../kube-object.ts';

/** The `imagePullSecrets` entry of a ServiceAccount; nothing for an empty list. */
export function pullSecrets(context: ChartContext, names: Json[]): { imagePullSecrets?: { name: string }[] } {
  return names.length === 0 ? {} : { imagePullSecrets: names.map((name) => ({ name: bareLabel(context, name) })) };
}
