import type { z } from 'zod';
import { message, string, uint32 } from '../proto/message-schema.ts';

export const portSelector = message('PortSelector', () => ({
  number: uint32,
}));
export type PortSelector = z.infer<typeof portSelector>;

export const destination = message(
  'Destination',
  () => ({
    host: string,
    subset: string,
    port: portSelector,
  }),
  { required: ['host'] },
);
export type Destination = z.infer<typeof destination>;
