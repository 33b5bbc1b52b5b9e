import type { WasmPlugin } from '../../../api/extensions/wasm-plugin.ts';
import type { Finding, Subject } from '../finding.ts';
import { Findings } from '../findings.ts';
import { checkTargetRefs } from '../rules/target-ref.ts';
import { checkTypeSelector } from '../rules/workload-selector.ts';
import { checkTrafficSelectors, checkWasmModule } from './wasm-module.ts';

/** Extends the proxy with a WebAssembly module. */
export function validateWasmPlugin({ spec }: Subject<WasmPlugin>): Finding[] {
  const findings = new Findings();
  checkTargetRefs(spec, 'spec', findings);
  checkTypeSelector(spec.selector, 'spec.selector', findings);
  checkWasmModule(spec, 'spec', findings);
  checkTrafficSelectors(spec.match, 'spec.match', findings);
  return findings.list;
}
