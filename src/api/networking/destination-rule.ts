import type { z } from 'zod';
import { list, map, message, string } from '../proto/message-schema.ts';
import { trafficPolicy } from './traffic-policy.ts';
import { workloadSelector } from '../type/workload-selector.ts';

export const subset = message(
  'Subset',
  () => ({
    name: string,
    labels: map(string),
    trafficPolicy: trafficPolicy,
  }),
  { required: ['name'] },
);
export type Subset = z.infer<typeof subset>;

export const destinationRule = message(
  'DestinationRule',
  () => ({
    host: string,
    trafficPolicy: trafficPolicy,
    subsets: list(subset),
    exportTo: list(string),
    workloadSelector: workloadSelector,
  }),
  { required: ['host'] },
);
export type DestinationRule = z.infer<typeof destinationRule>;
