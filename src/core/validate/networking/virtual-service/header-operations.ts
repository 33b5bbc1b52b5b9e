import type { Headers } from '../../../../api/networking/headers.ts';
import type { HttpRewrite } from '../../../../api/networking/http-rewrite.ts';
import { fieldPath } from '../../../../api/field-path.ts';
import type { Fault, Findings } from '../../findings.ts';
import {
  findHeaderOperationNameFault,
  findHeaderValueFault,
  findRequestHeaderNameFault,
} from '../../rules/http-header.ts';

/** Records headers that cannot be set, added or removed. */
export function checkHeaderOperations(headers: Headers | undefined, path: string, findings: Findings): void {
  if (!headers) return;
  const { request, response } = headers;
  checkValues(request?.add, { path: `${path}.request.add`, findNameFault: findRequestHeaderNameFault }, findings);
  checkValues(request?.set, { path: `${path}.request.set`, findNameFault: findRequestHeaderNameFault }, findings);
  checkRemovals(request?.remove, `${path}.request.remove`, findings);
  checkValues(response?.add, { path: `${path}.response.add`, findNameFault: findHeaderOperationNameFault }, findings);
  checkValues(response?.set, { path: `${path}.response.set`, findNameFault: findHeaderOperationNameFault }, findings);
  checkRemovals(response?.remove, `${path}.response.remove`, findings);
}

/** Records a host of the request that is set in more than one place. */
export function checkAuthority(
  rewrite: HttpRewrite | undefined,
  headers: Headers | undefined,
  path: string,
  findings: Findings,
): void {
  const { set = {}, add = {} } = headers?.request ?? {};
  const places = [
    ...((rewrite?.authority ?? '') === '' ? [] : ['rewrite.authority']),
    ...Object.keys(set)
      .filter((name) => isAuthority(name) && set[name] !== '')
      .map((name) => `headers.request.set[${name}]`),
    ...Object.keys(add)
      .filter(isAuthority)
      .map((name) => `headers.request.add[${name}]`),
  ];
  if (places.length < 2) return;
  const message = `sets the host of the request in ${places.join(' and ')}: keep one of them`;
  findings.error(path, 'AuthorityConflict', message);
}

function isAuthority(name: string): boolean {
  const lower = name.toLowerCase();
  return lower === 'host' || lower === ':authority';
}

interface Check {
  path: string;
  findNameFault: (name: string) => Fault | undefined;
}

function checkValues(
  values: Readonly<Record<string, string>> | undefined,
  { path, findNameFault }: Check,
  findings: Findings,
): void {
  for (const [name, value] of Object.entries(values ?? {})) {
    const item = fieldPath(path, name);
    findings.check(item, findNameFault(name));
    findings.check(item, findHeaderValueFault(value));
  }
}

function checkRemovals(names: readonly string[] | undefined, path: string, findings: Findings): void {
  names?.forEach((name, i) => findings.check(`${path}[${i}]`, findHeaderOperationNameFault(name)));
}
