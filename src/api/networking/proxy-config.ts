import type { z } from 'zod';
import { field, int32, limited, map, message, string, wrapped } from '../proto/message-schema.ts';
import { workloadSelector } from '../type/workload-selector.ts';

export const proxyImage = message('ProxyImage', () => ({
  imageType: string,
}));
export type ProxyImage = z.infer<typeof proxyImage>;

export const proxyConfig = message('ProxyConfig', () => ({
  selector: workloadSelector,
  concurrency: field(wrapped(int32), '', { minimum: 0 }),
  environmentVariables: map(limited(string, { maxLength: 2048 })),
  image: proxyImage,
}));
export type ProxyConfig = z.infer<typeof proxyConfig>;
