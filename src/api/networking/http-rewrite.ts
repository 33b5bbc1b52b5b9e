import type { z } from 'zod';
import { message, string } from '../proto/message-schema.ts';

export const regexRewrite = message('RegexRewrite', () => ({
  match: string,
  rewrite: string,
}));
export type RegexRewrite = z.infer<typeof regexRewrite>;

export const httpRewrite = message('HttpRewrite', () => ({
  uri: string,
  authority: string,
  uriRegexRewrite: regexRewrite,
}));
export type HttpRewrite = z.infer<typeof httpRewrite>;
