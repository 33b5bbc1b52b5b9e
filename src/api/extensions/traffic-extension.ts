import type { z } from 'zod';
import { atMostOneOf } from '../proto/cel-rules.ts';
import { enumeration, field, int32, list, message, string, struct, wrapped } from '../proto/message-schema.ts';
import { failStrategy, pluginType, pullPolicy, vmConfig } from './vm-config.ts';
import { policyTargetReference } from '../type/policy-target-reference.ts';
import { portSelector } from '../type/port-selector.ts';
import { workloadMode } from '../type/workload-mode.ts';
import { workloadSelector } from '../type/workload-selector.ts';

export const trafficSelector = message('TrafficSelector', () => ({
  mode: workloadMode,
  ports: field(list(portSelector), '', { listMapKeys: ['number'] }),
}));
export type TrafficSelector = z.infer<typeof trafficSelector>;

export const wasmConfig = message(
  'WasmConfig',
  () => ({
    url: field(string, '', {
      minLength: 1,
      rules: [
        {
          rule: 'isURL(self) ? (url(self).getScheme() in ["", "http", "https", "file", "oci"]) : (isURL("http://" + self) && url("http://" + self).getScheme() in ["", "http", "https", "file", "oci"])',
          message: 'must be a URL with the scheme oci, file, http or https, or none',
        },
      ],
    }),
    sha256: field(string, '', { pattern: '(^$|^[a-f0-9]{64}$)' }),
    imagePullPolicy: pullPolicy,
    imagePullSecret: field(string, '', { minLength: 1, maxLength: 253 }),
    verificationKey: string,
    pluginConfig: struct,
    pluginName: field(string, '', { maxLength: 256, minLength: 1 }),
    failStrategy: failStrategy,
    vmConfig: vmConfig,
    type: pluginType,
  }),
  { required: ['url'] },
);
export type WasmConfig = z.infer<typeof wasmConfig>;

export const luaConfig = message(
  'LuaConfig',
  () => ({
    inlineCode: field(string, '', { minLength: 1, maxLength: 65536 }),
  }),
  { required: ['inlineCode'] },
);
export type LuaConfig = z.infer<typeof luaConfig>;

export const executionPhase = enumeration(['UNSPECIFIED', 'AUTHN', 'AUTHZ', 'STATS']);

export const trafficExtension = message(
  'TrafficExtension',
  () => ({
    selector: workloadSelector,
    targetRefs: field(list(policyTargetReference), '', { maxItems: 16 }, { protoName: 'targetRefs' }),
    phase: executionPhase,
    priority: wrapped(int32),
    match: list(trafficSelector),
    wasm: wasmConfig,
    lua: luaConfig,
  }),
  {
    oneOfs: [['wasm', 'lua']],
    rules: [
      atMostOneOf('selector', 'targetRefs'),
      { rule: 'has(self.wasm) != has(self.lua)', message: 'set either wasm or lua' },
    ],
  },
);
export type TrafficExtension = z.infer<typeof trafficExtension>;
