import type { z } from 'zod';
import { field, message, string, uint32 } from '../proto/message-schema.ts';

/** Chooses a port by its number. */
export const portSelector = message('PortSelector', () => ({
  number: field(uint32, 'Port number.'),
}));
export type PortSelector = z.infer<typeof portSelector>;

/** A service, or a subset of it, that traffic is sent to. */
export const destination = message(
  'Destination',
  () => ({
    host: field(
      string,
      'Service in the registry. A short name is completed with the namespace of this object, not of the service.',
    ),
    subset: field(string, 'Subset of the service, as a DestinationRule defines it.'),
    port: field(portSelector, 'Port of the service; may be left out when it has only one.'),
  }),
  { required: ['host'] },
);
export type Destination = z.infer<typeof destination>;
