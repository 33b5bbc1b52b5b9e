import type { z } from 'zod';
import { field, message, string } from '../proto/message-schema.ts';

/** How a text is compared. Case counts. */
export const stringMatch = message(
  'StringMatch',
  () => ({
    exact: field(string, 'The whole text.'),
    prefix: field(string, 'Begin of the text.'),
    regex: field(string, 'Regular expression (RE2) for the whole text.'),
  }),
  { oneOfs: [['exact', 'prefix', 'regex']] },
);
export type StringMatch = z.infer<typeof stringMatch>;
