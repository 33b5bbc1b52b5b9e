import type { z } from 'zod';
import { enumeration, field, list, message, string } from '../proto/message-schema.ts';

export const pluginType = enumeration(['UNSPECIFIED_PLUGIN_TYPE', 'HTTP', 'NETWORK']);

export const pullPolicy = enumeration(['UNSPECIFIED_POLICY', 'IfNotPresent', 'Always']);

export const failStrategy = enumeration(['FAIL_CLOSE', 'FAIL_OPEN', 'FAIL_RELOAD']);

export const envValueSource = enumeration(['INLINE', 'HOST']);

export const envVar = message(
  'EnvVar',
  () => ({
    name: field(string, '', { maxLength: 256, minLength: 1 }),
    valueFrom: envValueSource,
    value: field(string, '', { maxLength: 2048 }),
  }),
  {
    required: ['name'],
    rules: [
      {
        rule: '(has(self.valueFrom) ? self.valueFrom : "") != "HOST" || !has(self.value)',
        message: 'a variable that comes from the host takes no value',
      },
    ],
  },
);
export type EnvVar = z.infer<typeof envVar>;

export const vmConfig = message('VmConfig', () => ({
  env: field(list(envVar), '', { maxItems: 256, listMapKeys: ['name'] }),
}));
export type VmConfig = z.infer<typeof vmConfig>;
