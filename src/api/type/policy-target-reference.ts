import type { z } from 'zod';
import { field, message, string } from '../proto/message-schema.ts';

/** Names the object that a policy is attached to. */
export const policyTargetReference = message(
  'PolicyTargetReference',
  () => ({
    group: field(string, 'API group of the target; empty for a Service.', {
      maxLength: 253,
      pattern: '^$|^[a-z0-9]([-a-z0-9]*[a-z0-9])?(\\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*$',
    }),
    kind: field(string, 'Kind of the target: Gateway, GatewayClass, Service or ServiceEntry.', {
      minLength: 1,
      maxLength: 63,
      pattern: '^[a-zA-Z]([-a-zA-Z0-9]*[a-zA-Z0-9])?$',
    }),
    name: field(string, 'Name of the target.', { minLength: 1, maxLength: 253 }),
    namespace: field(string, 'Must stay empty: the target is in the namespace of the policy.', {
      rules: [
        { rule: 'self.size() == 0', message: 'the target must be in the namespace of the policy: leave this out' },
      ],
    }),
  }),
  { required: ['kind', 'name'] },
);
export type PolicyTargetReference = z.infer<typeof policyTargetReference>;
