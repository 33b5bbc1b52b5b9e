import type { z } from 'zod';
import { field, message, string } from '../proto/message-schema.ts';

/** Rewrites a path by a regular expression. */
export const regexRewrite = message('RegexRewrite', () => ({
  match: field(string, 'Regular expression (RE2) for the path.'),
  rewrite: field(string, 'What comes in place of the match; \\1 to \\9 stand for its groups.'),
}));
export type RegexRewrite = z.infer<typeof regexRewrite>;

/** Changes the request before it is sent on. */
export const httpRewrite = message('HttpRewrite', () => ({
  uri: field(string, 'Replaces the path, or the prefix of it that was matched.'),
  authority: field(string, 'Replaces the host header.'),
  uriRegexRewrite: field(regexRewrite, 'Rewrites the path by a regular expression; not together with uri.'),
}));
export type HttpRewrite = z.infer<typeof httpRewrite>;
