import type { z } from 'zod';
import { enumeration, field, message, string } from '../proto/message-schema.ts';

export const workloadMode = enumeration(['CLIENT_AND_SERVER', 'CLIENT', 'SERVER']);

/** Names a provider. */
export const providerRef = message(
  'ProviderRef',
  () => ({
    name: field(string, 'Name of the provider in the mesh configuration.', { minLength: 1 }),
  }),
  { required: ['name'] },
);
export type ProviderRef = z.infer<typeof providerRef>;
