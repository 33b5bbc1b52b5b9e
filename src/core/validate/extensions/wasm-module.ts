import type { VmConfig } from '../../../api/extensions/vm-config.ts';
import type { Fault, Findings } from '../findings.ts';
import { byteLength } from '../rules/byte-length.ts';
import { parseGoRequestUrl } from '../rules/go-url.ts';
import { findPortFault } from '../rules/port.ts';

const SCHEMES: ReadonlySet<string> = new Set(['', 'file', 'http', 'https', 'oci']);
const SHA256 = /^[0-9a-f]{64}$/;
const MAX_SECRET_NAME = 253;
const MAX_NAME = 256;

/** The settings that both kinds of extension have. */
export interface WasmModule {
  url?: string | undefined;
  sha256?: string | undefined;
  imagePullSecret?: string | undefined;
  pluginName?: string | undefined;
  vmConfig?: VmConfig | undefined;
}

/** Records what is wrong with where a module comes from and how it runs. */
export function checkWasmModule(module: WasmModule, path: string, findings: Findings): void {
  const { url = '', sha256 = '', imagePullSecret = '', pluginName = '', vmConfig } = module;
  findings.check(`${path}.url`, findUrlFault(url));
  if (sha256 !== '' && !SHA256.test(sha256)) {
    findings.error(`${path}.sha256`, 'Sha256Invalid', 'must be 64 hexadecimal digits in lower case');
  }
  findings.check(`${path}.imagePullSecret`, findLengthFault(imagePullSecret, MAX_SECRET_NAME));
  findings.check(`${path}.pluginName`, findLengthFault(pluginName, MAX_NAME));
  checkEnvironment(vmConfig, `${path}.vmConfig.env`, findings);
}

/** Records ports that do not exist in what chooses the traffic of an extension. */
export function checkTrafficSelectors(
  selectors: readonly { ports?: { number?: number | undefined }[] | undefined }[] | undefined,
  path: string,
  findings: Findings,
): void {
  selectors?.forEach(({ ports }, i) => {
    ports?.forEach(({ number }, j) => findings.check(`${path}[${i}].ports[${j}].number`, findPortFault(number)));
  });
}

function findUrlFault(url: string): Fault | undefined {
  if (url === '')
    return { code: 'UrlMissing', message: 'must say where the module is, such as oci://registry/image:tag' };
  const parsed = parseGoRequestUrl(url) ?? parseGoRequestUrl(`http://${url}`);
  if (parsed && SCHEMES.has(parsed.scheme)) return undefined;
  const cause = parsed ? `has the scheme ${parsed.scheme}` : 'is not a URL';
  return { code: 'UrlInvalid', message: `${JSON.stringify(url)} ${cause}: use oci://, file://, http:// or https://` };
}

function findLengthFault(text: string, limit: number): Fault | undefined {
  const length = byteLength(text);
  if (length <= limit) return undefined;
  return { code: 'TextTooLong', message: `is ${length} bytes long; at most ${limit} are allowed` };
}

function checkEnvironment(vmConfig: VmConfig | undefined, path: string, findings: Findings): void {
  const names = new Set<string>();
  vmConfig?.env?.forEach(({ name = '', valueFrom = 'INLINE', value = '' }, i) => {
    const item = `${path}[${i}]`;
    if (name === '') findings.error(`${item}.name`, 'EnvNameMissing', 'must name a variable');
    else if (names.has(name)) findings.error(`${item}.name`, 'EnvDuplicate', `${JSON.stringify(name)} is set twice`);
    names.add(name);
    findings.check(`${item}.name`, findLengthFault(name, MAX_NAME));
    if (valueFrom !== 'INLINE' && value !== '') {
      findings.error(`${item}.value`, 'EnvValueUnused', 'is only for INLINE: the variable comes from the host');
    }
  });
}
