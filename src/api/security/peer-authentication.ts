import type { z } from 'zod';
import { enumeration, field, mapByUint32, message } from '../proto/message-schema.ts';
import { workloadSelector } from '../type/workload-selector.ts';

export const mutualTlsMode = enumeration(['UNSET', 'DISABLE', 'PERMISSIVE', 'STRICT']);

/** Which connections are accepted. */
export const mutualTls = message('MutualTls', () => ({
  mode: field(
    mutualTlsMode,
    'STRICT takes mutual TLS only, PERMISSIVE also plain text, DISABLE plain text; UNSET inherits.',
  ),
}));
export type MutualTls = z.infer<typeof mutualTls>;

/** Whether workloads accept plain text, mutual TLS or both. */
export const peerAuthentication = message(
  'PeerAuthentication',
  () => ({
    selector: field(
      workloadSelector,
      'Pods that this is for; all of the namespace when left out, and of the mesh in the root namespace.',
    ),
    mtls: field(mutualTls, 'Which connections are accepted; what the namespace or mesh says when left out.'),
    portLevelMtls: field(
      mapByUint32(mutualTls),
      'Which connections are accepted at single ports of the workload; needs a selector.',
      {
        minProperties: 1,
        rules: [
          {
            rule: 'self.all(key, 0 < int(key) && int(key) <= 65535)',
            message: 'each key must be a port from 1 to 65535',
          },
        ],
      },
    ),
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
