import type { z } from 'zod';
import { ADDRESS_REQUIRED, PORT_IN_RANGE, UNIX_WITHOUT_PORTS } from '../proto/cel-rules.ts';
import { field, limited, map, message, string, uint32 } from '../proto/message-schema.ts';

/** One workload outside of Kubernetes. */
export const workloadEntry = message(
  'WorkloadEntry',
  () => ({
    address: field(string, 'IP address, host name, or unix:// and a path.', {
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
    ports: field(
      map(limited(uint32, { rules: [PORT_IN_RANGE] })),
      'Port of the workload for each name of a service port.',
      {
        maxProperties: 128,
        rules: [
          {
            rule: 'self.all(key, size(key) < 63 && key.matches("^[a-zA-Z0-9](?:[-a-zA-Z0-9]*[a-zA-Z0-9])?$"))',
            message: 'a port name has up to 62 letters, digits and hyphens, with no hyphen at either end',
          },
        ],
      },
    ),
    labels: field(map(string), 'Labels by which services and policies select the workload.', { maxProperties: 256 }),
    network: field(string, 'Network that the workload is in; another network is reached through its gateway.', {
      maxLength: 2048,
    }),
    locality: field(string, 'Place of the workload: region/zone/subzone.', { maxLength: 2048 }),
    weight: field(uint32, 'Share of the load relative to the other workloads.'),
    serviceAccount: field(string, 'Service account that the workload runs as.', { maxLength: 253 }),
  }),
  { rules: [ADDRESS_REQUIRED, UNIX_WITHOUT_PORTS] },
);
export type WorkloadEntry = z.infer<typeof workloadEntry>;
