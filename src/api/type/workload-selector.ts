import type { z } from 'zod';
import { LABEL_KEY_EMPTY, LABEL_KEY_WILDCARD } from '../proto/cel-rules.ts';
import { field, limited, map, message, string } from '../proto/message-schema.ts';

/** Chooses workloads by their labels. */
export const workloadSelector = message('WorkloadSelector', () => ({
  matchLabels: field(
    map(
      limited(string, {
        maxLength: 63,
        rules: [{ rule: '!self.contains("*")', message: 'a label value here is literal: it may not contain *' }],
      }),
    ),
    'Labels that a pod must have, all of them; none means every pod of the namespace.',
    { maxProperties: 4096, rules: [LABEL_KEY_WILDCARD, LABEL_KEY_EMPTY] },
  ),
}));
export type WorkloadSelector = z.infer<typeof workloadSelector>;
