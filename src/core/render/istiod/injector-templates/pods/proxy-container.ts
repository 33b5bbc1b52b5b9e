import { PROXY_CONTAINER } from '../../../../../api/istio-names.ts';
import type { IstioTraits } from '../../../../istio/traits.ts';
import { annotation, annotationOr, quotedSince } from './pod-facts.ts';
import { asJson, below, inQuotes, lines, nested, printed, when, withValue } from './template-pieces.ts';

const PREFIX = 'sidecar.istio.io';
const AGENT_LOG_LEVEL = annotationOr(`${PREFIX}/agentLogLevel`, '($global.logging | default dict).level');

/** An item of a list whose text the annotation decides. */
function argument(traits: IstioTraits, flag: string, value: string, before: (text: string) => string): string {
  return `- ${quotedSince(traits, `printf "${flag}=%s" ${value}`, before(`${flag}=${printed(value)}`))}`;
}

/** The level of the agent's log in the arguments of the init container. */
export function initLogArgument(traits: IstioTraits): string {
  return argument(traits, '--log_output_level', AGENT_LOG_LEVEL, inQuotes);
}

/** Arguments of the agent that runs the proxy in that role. */
export function proxyArgs(traits: IstioTraits, role: 'sidecar' | 'router'): string {
  const level = (flag: string, value: string): string => argument(traits, flag, value, (text) => text);
  return lines(
    '- proxy',
    `- ${role}`,
    '- --domain',
    `- $(POD_NAMESPACE).svc.${printed('$proxy.clusterDomain')}`,
    level('--proxyLogLevel', annotationOr(`${PREFIX}/logLevel`, '$proxy.logLevel')),
    level('--proxyComponentLogLevel', annotationOr(`${PREFIX}/componentLogLevel`, '$proxy.componentLogLevel')),
    level('--log_output_level', AGENT_LOG_LEVEL),
    withValue('($global.sts | default dict).servicePort', `- --stsPort=${printed('.')}`),
    LOG_AS_JSON,
  );
}

export const LOG_AS_JSON = when('$global.logAsJson', '- --log_as_json');

/** The image: a full reference in the annotation or the values, else the one computed from hub, tag and type. */
export function image(traits: IstioTraits, configured: string, computed: string): string {
  const given = annotationOr(`${PREFIX}/proxyImage`, configured);
  return when(
    `contains "/" ${given}`,
    `image: ${quotedSince(traits, given, inQuotes(printed(given)))}`,
    `image: ${inQuotes(printed(computed))}`,
  );
}

/** The pull policy of the values, if they name one. */
export const PULL_POLICY = withValue('$global.imagePullPolicy', `imagePullPolicy: ${inQuotes(printed('.'))}`);

const amounts = (key: string, cpu: string, memory: string): string =>
  when(`or ${isset(cpu)} ${isset(memory)}`, below(key, lines(amount('cpu', cpu), amount('memory', memory))));
const isset = (name: string): string => `(isset .ObjectMeta.Annotations "${PREFIX}/${name}")`;
const amount = (key: string, name: string): string =>
  when(isset(name), `${key}: {{ ${annotation(`${PREFIX}/${name}`)} | quote }}`);
const OWN_AMOUNTS = ['proxyCPU', 'proxyMemory', 'proxyCPULimit', 'proxyMemoryLimit'].map(isset).join(' ');

/** Resources of proxy and init container: the pod's annotations alone, if it has any, else the mesh's. */
export const RESOURCES = when(
  `or ${OWN_AMOUNTS}`,
  below(
    'resources',
    lines(amounts('requests', 'proxyCPU', 'proxyMemory'), amounts('limits', 'proxyCPULimit', 'proxyMemoryLimit')),
  ),
  when('$proxy.resources', `resources: ${asJson('(omitNil $proxy.resources)')}`, 'resources: null'),
);

/** A container of the proxy with those fields. */
export function proxyContainer(...fields: readonly string[]): string {
  return `- name: ${PROXY_CONTAINER}\n${nested(2, lines(...fields))}`;
}

/** The handlers that the values give, else the others. */
export function lifecycle(otherwise?: string): string {
  return when('$proxy.lifecycle', `lifecycle: ${asJson('$proxy.lifecycle')}`, otherwise);
}
