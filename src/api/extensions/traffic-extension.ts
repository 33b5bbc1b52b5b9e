import type { z } from 'zod';
import { atMostOneOf } from '../proto/cel-rules.ts';
import { enumeration, field, int32, list, message, string, struct, wrapped } from '../proto/message-schema.ts';
import { failStrategy, pluginType, pullPolicy, vmConfig } from './vm-config.ts';
import { policyTargetReference } from '../type/policy-target-reference.ts';
import { portSelector } from '../type/port-selector.ts';
import { workloadMode } from '../type/workload-mode.ts';
import { workloadSelector } from '../type/workload-selector.ts';

/** Traffic that the extension sees; all conditions must hold. */
export const trafficSelector = message('TrafficSelector', () => ({
  mode: field(workloadMode, 'Side of the call: of the caller (CLIENT), of the callee (SERVER), or both.'),
  ports: field(list(portSelector), 'Ports; all when left out.', { listMapKeys: ['number'] }),
}));
export type TrafficSelector = z.infer<typeof trafficSelector>;

/** A WebAssembly module. */
export const wasmConfig = message(
  'WasmConfig',
  () => ({
    url: field(string, 'Where the module is: oci:// (the default), file://, http:// or https://.', {
      minLength: 1,
      rules: [
        {
          rule: 'isURL(self) ? (url(self).getScheme() in ["", "http", "https", "file", "oci"]) : (isURL("http://" + self) && url("http://" + self).getScheme() in ["", "http", "https", "file", "oci"])',
          message: 'must be a URL with the scheme oci, file, http or https, or none',
        },
      ],
    }),
    sha256: field(string, 'SHA-256 of the module or image, in lower-case hexadecimal.', {
      pattern: '(^$|^[a-f0-9]{64}$)',
    }),
    imagePullPolicy: field(pullPolicy, 'Whether an image that is there is fetched again.'),
    imagePullSecret: field(string, 'Secret with which the image is fetched, in the namespace of this object.', {
      minLength: 1,
      maxLength: 253,
    }),
    verificationKey: field(string, 'Has no effect.'),
    pluginConfig: field(struct, 'Configuration that the module gets.'),
    pluginName: field(string, 'Name of the plugin in the module.', { maxLength: 256, minLength: 1 }),
    failStrategy: field(
      failStrategy,
      'What happens when the module cannot be loaded or breaks: FAIL_CLOSE refuses traffic, FAIL_OPEN passes it on.',
    ),
    vmConfig: field(vmConfig, 'Settings of the machine that runs the module.'),
    type: field(pluginType, 'Kind of filter, HTTP when left out.'),
  }),
  { required: ['url'] },
);
export type WasmConfig = z.infer<typeof wasmConfig>;

/** A Lua script. */
export const luaConfig = message(
  'LuaConfig',
  () => ({
    inlineCode: field(string, 'The script; defines envoy_on_request or envoy_on_response.', {
      minLength: 1,
      maxLength: 65536,
    }),
  }),
  { required: ['inlineCode'] },
);
export type LuaConfig = z.infer<typeof luaConfig>;

export const executionPhase = enumeration(['UNSPECIFIED', 'AUTHN', 'AUTHZ', 'STATS']);

/** Extends the proxy with a WebAssembly module or a Lua script. */
export const trafficExtension = message(
  'TrafficExtension',
  () => ({
    selector: field(
      workloadSelector,
      'Pods that this is for; all of the namespace when left out, and of the mesh in the root namespace.',
    ),
    targetRefs: field(
      list(policyTargetReference),
      'Gateways or services that this is for, in place of a selector.',
      { maxItems: 16 },
      { protoName: 'targetRefs' },
    ),
    phase: field(executionPhase, 'Place in the chain: before AUTHN, AUTHZ or STATS; at the end when left out.'),
    priority: field(wrapped(int32), 'Order within the phase: higher goes first.'),
    match: field(
      list(trafficSelector),
      'Traffic that the extension sees, one entry of which must match; all when left out.',
    ),
    wasm: field(wasmConfig, 'A WebAssembly module.'),
    lua: field(luaConfig, 'A Lua script.'),
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
