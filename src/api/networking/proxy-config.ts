import type { z } from 'zod';
import { field, int32, limited, map, message, string, wrapped } from '../proto/message-schema.ts';
import { workloadSelector } from '../type/workload-selector.ts';

/** Which image the proxy runs. */
export const proxyImage = message('ProxyImage', () => ({
  imageType: field(string, 'Variant of the image: default, debug or distroless.'),
}));
export type ProxyImage = z.infer<typeof proxyImage>;

/** Settings of proxies that are read when they start. */
export const proxyConfig = message('ProxyConfig', () => ({
  selector: field(workloadSelector, 'Pods that the settings are for; all of the namespace when left out.'),
  concurrency: field(wrapped(int32), 'Worker threads; 0 means one for each core.', { minimum: 0 }),
  environmentVariables: field(map(limited(string, { maxLength: 2048 })), 'Further environment variables of the proxy.'),
  image: field(proxyImage, 'Image of the proxy.'),
}));
export type ProxyConfig = z.infer<typeof proxyConfig>;
