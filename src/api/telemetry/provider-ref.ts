import type { z } from 'zod';
import { enumeration, field, message, string } from '../proto/message-schema.ts';

export const workloadMode = enumeration(['CLIENT_AND_SERVER', 'CLIENT', 'SERVER']);

export const providerRef = message(
  'ProviderRef',
  () => ({
    name: field(string, '', { minLength: 1 }),
  }),
  { required: ['name'] },
);
export type ProviderRef = z.infer<typeof providerRef>;
