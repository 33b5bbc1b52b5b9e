import type { z } from 'zod';
import { message, string } from '../proto/message-schema.ts';

export const stringMatch = message(
  'StringMatch',
  () => ({
    exact: string,
    prefix: string,
    regex: string,
  }),
  { oneOfs: [['exact', 'prefix', 'regex']] },
);
export type StringMatch = z.infer<typeof stringMatch>;
