import { isJsonObject, type JsonObject } from '../../kube-object.ts';
import type { Findings } from '../findings.ts';

/** Curves that Envoy's TLS library knows. */
const CURVES: ReadonlySet<string> = new Set([
  'P-224',
  'P-256',
  'P-384',
  'P-521',
  'X25519',
  'X25519Kyber768Draft00',
  'X25519MLKEM768',
]);

/** Records curves where none can be set, unknown ones and repeated ones. */
export function checkCurves({ meshMTLS, tlsDefaults }: JsonObject, path: string, findings: Findings): void {
  if (isJsonObject(meshMTLS) && Array.isArray(meshMTLS.ecdhCurves) && meshMTLS.ecdhCurves.length > 0) {
    const message = 'has no effect on traffic within the mesh: use tlsDefaults, or remove it';
    findings.error(`${path}.meshMTLS.ecdhCurves`, 'CurvesUnused', message);
  }
  const curves = isJsonObject(tlsDefaults) && Array.isArray(tlsDefaults.ecdhCurves) ? tlsDefaults.ecdhCurves : [];
  const names = curves.filter((curve) => typeof curve === 'string');
  const unknown = names.filter((name) => name !== '' && !CURVES.has(name));
  const known = names.filter((name) => name === '' || CURVES.has(name));
  const at = `${path}.tlsDefaults.ecdhCurves`;
  if (unknown.length > 0) {
    findings.warn(
      at,
      'CurveUnknown',
      `${[...new Set(unknown)].join(', ')} are ignored: Envoy knows ${[...CURVES].join(', ')}`,
    );
  }
  if (new Set(known).size < known.length) findings.warn(at, 'CurveDuplicate', 'names a curve more than once');
}
