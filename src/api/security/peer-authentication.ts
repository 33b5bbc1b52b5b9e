import type { z } from 'zod';
import { enumeration, field, mapByUint32, message } from '../proto/message-schema.ts';
import { workloadSelector } from '../type/workload-selector.ts';

export const mutualTlsMode = enumeration(['UNSET', 'DISABLE', 'PERMISSIVE', 'STRICT']);

export const mutualTls = message('MutualTls', () => ({
  mode: mutualTlsMode,
}));
export type MutualTls = z.infer<typeof mutualTls>;

export const peerAuthentication = message(
  'PeerAuthentication',
  () => ({
    selector: workloadSelector,
    mtls: mutualTls,
    portLevelMtls: field(mapByUint32(mutualTls), '', {
      minProperties: 1,
      rules: [
        {
          rule: 'self.all(key, 0 < int(key) && int(key) <= 65535)',
          message: 'each key must be a port from 1 to 65535',
        },
      ],
    }),
  }),
  {
    rules: [
      {
        rule: 'has(self.portLevelMtls) ? (((has(self.selector) && has(self.selector.matchLabels)) ? self.selector.matchLabels : {}).size() > 0) : true',
        message: 'portLevelMtls applies to chosen workloads only: set selector.matchLabels',
      },
    ],
  },
);
export type PeerAuthentication = z.infer<typeof peerAuthentication>;
