import {
  INTERCEPTION_MODE_ANNOTATION,
  PROXY_CONTAINER,
  STATUS_PORT_ANNOTATION,
} from '../../../../../api/istio-names.ts';
import type { IstioTraits } from '../../../../istio/traits.ts';
import { asText } from './template-pieces.ts';

/** A section of the values, empty where there is none. */
const section = (path: string): string => `${path} | default dict`;

/** Names for what several parts of the templates ask for, first in each template. */
export const FACTS = [
  ['global', section('.Values.global')],
  ['proxy', section('$global.proxy')],
  ['pilot', section('.Values.pilot')],
  ['cni', section('$pilot.cni')],
  ['statusPort', annotationOr(STATUS_PORT_ANNOTATION, '$proxy.statusPort')],
  ['interception', annotationOr(INTERCEPTION_MODE_ANNOTATION, '.ProxyConfig.InterceptionMode.String')],
  ['uid', '.ProxyUID | default "1337"'],
  ['gid', '.ProxyGID | default "1337"'],
  ['apps', 'list'],
]
  .map(([name, expression]) => `{{- $${name} := ${expression} }}`)
  .concat(
    `{{- range .Spec.Containers }}{{ if ne .Name ${JSON.stringify(PROXY_CONTAINER)} }}{{ $apps = append $apps .Name }}{{ end }}{{ end }}`,
  )
  .join('\n');

/** The pod's annotation, empty where it has none. */
export function annotation(name: string): string {
  return `(index .ObjectMeta.Annotations ${JSON.stringify(name)})`;
}

/** The pod's label, empty where it has none. */
export function label(name: string): string {
  return `(index .ObjectMeta.Labels ${JSON.stringify(name)})`;
}

/** Whether the pod has the annotation, be it empty. */
export function hasAnnotation(name: string): string {
  return `(isset .ObjectMeta.Annotations ${JSON.stringify(name)})`;
}

/** The pod's annotation, else what the default prints as. */
export function annotationOr(name: string, fallback: string): string {
  return `(annotation .ObjectMeta ${JSON.stringify(name)} ${fallback})`;
}

/** Metadata of the proxy with that name. */
export function proxyMetadata(name: string): string {
  return `(index .ProxyConfig.ProxyMetadata ${JSON.stringify(name)})`;
}

/** Text that means itself since a release, and that YAML reads in `before` in those before it. */
export function quotedSince({ quotesAnnotations }: IstioTraits, expression: string, before: string): string {
  return quotesAnnotations ? asText(expression) : before;
}

/** Whether the proxy takes traffic by TPROXY. */
export const USES_TPROXY = 'eq $interception "TPROXY"';
/** Whether the CNI plugin sets up the pod's network. */
export const USES_CNI = '$cni.enabled';
/** Whether the pod's status port is turned off. */
export const HAS_NO_STATUS_PORT = 'eq $statusPort "0"';
/** Whether istiod's certificate is that of the pods. */
export const TRUSTS_ISTIOD = 'eq $global.pilotCertProvider "istiod"';
