import type { z } from 'zod';
import { field, message, uint32 } from '../proto/message-schema.ts';

/** Chooses a port by its number. */
export const portSelector = message(
  'PortSelector',
  () => ({
    number: field(uint32, 'Port number.', { minimum: 1, maximum: 65535 }),
  }),
  { required: ['number'] },
);
export type PortSelector = z.infer<typeof portSelector>;
