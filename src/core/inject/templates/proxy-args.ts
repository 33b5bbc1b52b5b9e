import { isTruthy, valuesSection } from './injection-values.ts';
import { annotationOr, quotedSince, type ProxyInput } from './template-input.ts';
import { goText, plainText, printed } from './template-text.ts';

const PREFIX = 'sidecar.istio.io';

/** The agent's log level: the pod's, else the mesh's. */
export function agentLogLevel(input: ProxyInput): string {
  const logging = valuesSection(input.global, 'logging', 'global.logging');
  return annotationOr(input, `${PREFIX}/agentLogLevel`, logging.level);
}

function logArgument(input: ProxyInput, text: string, annotation: string): string {
  return quotedSince(input, text, () => plainText(text, `annotation ${PREFIX}/${annotation}`));
}

/** Arguments of the agent that runs the proxy in that role. */
export function proxyArgs(input: ProxyInput, role: 'sidecar' | 'router'): string[] {
  const { global, proxy } = input;
  const level = annotationOr(input, `${PREFIX}/logLevel`, proxy.logLevel);
  const componentLevel = annotationOr(input, `${PREFIX}/componentLogLevel`, proxy.componentLogLevel);
  const domain = printed(proxy.clusterDomain);
  const args = [
    'proxy',
    role,
    '--domain',
    plainText(`$(POD_NAMESPACE).svc.${domain}`, 'values.global.proxy.clusterDomain'),
    logArgument(input, `--proxyLogLevel=${level}`, 'logLevel'),
    logArgument(input, `--proxyComponentLogLevel=${componentLevel}`, 'componentLogLevel'),
    logArgument(input, `--log_output_level=${agentLogLevel(input)}`, 'agentLogLevel'),
  ];
  const { servicePort } = valuesSection(global, 'sts', 'global.sts');
  if (isTruthy(servicePort)) args.push(plainText(`--stsPort=${goText(servicePort)}`, 'values.global.sts.servicePort'));
  if (isTruthy(global.logAsJson)) args.push('--log_as_json');
  return args;
}
