import type { z } from 'zod';
import { field, message, uint32 } from '../proto/message-schema.ts';

export const portSelector = message(
  'PortSelector',
  () => ({
    number: field(uint32, '', { minimum: 1, maximum: 65535 }),
  }),
  { required: ['number'] },
);
export type PortSelector = z.infer<typeof portSelector>;
