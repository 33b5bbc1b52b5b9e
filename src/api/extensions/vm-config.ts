import type { z } from 'zod';
import { enumeration, field, list, message, string } from '../proto/message-schema.ts';

export const pluginType = enumeration(['UNSPECIFIED_PLUGIN_TYPE', 'HTTP', 'NETWORK']);

export const pullPolicy = enumeration(['UNSPECIFIED_POLICY', 'IfNotPresent', 'Always']);

export const failStrategy = enumeration(['FAIL_CLOSE', 'FAIL_OPEN', 'FAIL_RELOAD']);

export const envValueSource = enumeration(['INLINE', 'HOST']);

/** An environment variable of a module. */
export const envVar = message(
  'EnvVar',
  () => ({
    name: field(string, 'Name of the variable.', { maxLength: 256, minLength: 1 }),
    valueFrom: field(envValueSource, 'INLINE takes value, HOST the variable of the proxy.'),
    value: field(string, 'Value, for INLINE.', { maxLength: 2048 }),
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

/** Settings of the machine that runs a module. */
export const vmConfig = message('VmConfig', () => ({
  env: field(list(envVar), 'Environment variables that the module sees.', { maxItems: 256, listMapKeys: ['name'] }),
}));
export type VmConfig = z.infer<typeof vmConfig>;
