import * as z from 'zod';
import { int64, text } from './field-types.ts';

const statusCondition = z.object({
  type: text.describe('Name of the condition.'),
  status: z.enum(['True', 'False', 'Unknown']).describe('Whether it holds.'),
  observedGeneration: int64.optional().describe('Generation of the spec that it speaks of.'),
  lastTransitionTime: text.describe('When it changed last.'),
  reason: text.describe('One word for programs.'),
  message: text.describe('A sentence for people.'),
});
export type StatusCondition = z.infer<typeof statusCondition>;

/** The conditions of a status of ours. */
export const conditionList = z.array(statusCondition).meta({ k8s: { listType: 'map', listMapKeys: ['type'] } });
