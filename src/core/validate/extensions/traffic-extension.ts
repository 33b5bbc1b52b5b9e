import type { TrafficExtension } from '../../../api/extensions/traffic-extension.ts';
import type { Finding, Subject } from '../finding.ts';
import { Findings } from '../findings.ts';
import { byteLength } from '../rules/byte-length.ts';
import { checkTargetRefs } from '../rules/target-ref.ts';
import { checkTypeSelector } from '../rules/workload-selector.ts';
import { checkTrafficSelectors, checkWasmModule } from './wasm-module.ts';

const MAX_SCRIPT = 65_536;

/** Extends the proxy with a WebAssembly module or a Lua script. */
export function validateTrafficExtension({ spec }: Subject<TrafficExtension>): Finding[] {
  const findings = new Findings();
  const { wasm, lua } = spec;
  if ((wasm === undefined) === (lua === undefined)) {
    findings.error('spec', 'ExtensionConflict', 'needs either wasm or lua');
  }
  checkTargetRefs(spec, 'spec', findings);
  checkTypeSelector(spec.selector, 'spec.selector', findings);
  if (lua) checkScript(lua.inlineCode ?? '', findings);
  if (wasm) checkWasmModule(wasm, 'spec.wasm', findings);
  checkTrafficSelectors(spec.match, 'spec.match', findings);
  return findings.list;
}

function checkScript(script: string, findings: Findings): void {
  const path = 'spec.lua.inlineCode';
  const length = byteLength(script);
  if (length === 0) findings.error(path, 'ScriptMissing', 'must hold the script');
  if (length > MAX_SCRIPT) {
    findings.error(path, 'ScriptTooLong', `is ${length} bytes long; at most ${MAX_SCRIPT} are allowed`);
  }
}
