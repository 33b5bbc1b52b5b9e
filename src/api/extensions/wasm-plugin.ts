import type { z } from 'zod';
import { atMostOneOf } from '../proto/cel-rules.ts';
import { enumeration, field, int32, list, message, string, struct, wrapped } from '../proto/message-schema.ts';
import { failStrategy, pluginType, pullPolicy, vmConfig } from './vm-config.ts';
import { policyTargetReference } from '../type/policy-target-reference.ts';
import { portSelector } from '../type/port-selector.ts';
import { workloadMode } from '../type/workload-mode.ts';
import { workloadSelector } from '../type/workload-selector.ts';

export const wasmTrafficSelector = message('WasmTrafficSelector', () => ({
  mode: workloadMode,
  ports: field(list(portSelector), '', { listMapKeys: ['number'] }),
}));
export type WasmTrafficSelector = z.infer<typeof wasmTrafficSelector>;

export const pluginPhase = enumeration(['UNSPECIFIED_PHASE', 'AUTHN', 'AUTHZ', 'STATS']);

export const wasmPlugin = message(
  'WasmPlugin',
  () => ({
    selector: workloadSelector,
    targetRef: field(policyTargetReference, '', {}, { protoName: 'targetRef' }),
    targetRefs: field(list(policyTargetReference), '', { maxItems: 16 }, { protoName: 'targetRefs' }),
    url: field(string, '', {
      minLength: 1,
      rules: [
        {
          rule: 'isURL(self) ? (url(self).getScheme() in ["", "http", "https", "oci", "file"]) : (isURL("http://" + self) && url("http://" + self).getScheme() in ["", "http", "https", "oci", "file"])',
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
    phase: pluginPhase,
    priority: wrapped(int32),
    failStrategy: failStrategy,
    vmConfig: vmConfig,
    match: list(wasmTrafficSelector),
    type: pluginType,
  }),
  { required: ['url'], rules: [atMostOneOf('selector', 'targetRef', 'targetRefs')] },
);
export type WasmPlugin = z.infer<typeof wasmPlugin>;
