import type { z } from 'zod';
import { ADDRESS_REQUIRED, PORT_IN_RANGE, UNIX_WITHOUT_PORTS } from '../proto/cel-rules.ts';
import { field, limited, map, message, string, uint32 } from '../proto/message-schema.ts';

export const workloadEntry = message(
  'WorkloadEntry',
  () => ({
    address: field(string, '', {
      maxLength: 256,
      rules: [
        {
          rule: 'self.startsWith("unix://") ? (self.substring(7, 8) == "/" || self.substring(7, 8) == "@") : true',
          message: 'unix:// goes before an absolute path, or before @ and the name of an abstract socket',
        },
        {
          rule: 'self.startsWith("unix://") ? !self.endsWith("/") : true',
          message: 'unix:// names a socket, not a folder: leave out the / at the end',
        },
      ],
    }),
    ports: field(map(limited(uint32, { rules: [PORT_IN_RANGE] })), '', {
      maxProperties: 128,
      rules: [
        {
          rule: 'self.all(key, size(key) < 63 && key.matches("^[a-zA-Z0-9](?:[-a-zA-Z0-9]*[a-zA-Z0-9])?$"))',
          message: 'a port name has up to 62 letters, digits and hyphens, with no hyphen at either end',
        },
      ],
    }),
    labels: field(map(string), '', { maxProperties: 256 }),
    network: field(string, '', { maxLength: 2048 }),
    locality: field(string, '', { maxLength: 2048 }),
    weight: uint32,
    serviceAccount: field(string, '', { maxLength: 253 }),
  }),
  { rules: [ADDRESS_REQUIRED, UNIX_WITHOUT_PORTS] },
);
export type WorkloadEntry = z.infer<typeof workloadEntry>;
