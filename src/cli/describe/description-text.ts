import type { CommonParts } from '../../core/describe/description.ts';
import type { NamespaceDescription, PodDescription, ServiceDescription } from '../../core/describe/describe-mesh.ts';
import type { PortTls } from '../../core/describe/mutual-tls.ts';
import { selectorText } from '../../core/label-selector.ts';
import { listSome } from '../../core/list-some.ts';
import { toTable } from '../shell/table.ts';
import { wrapText } from '../shell/wrap-text.ts';

/** A heading and the lines below it; none is not printed. */
type Section = readonly [heading: string, lines: readonly string[]];

const CARRIERS = { sidecar: 'sidecar', gateway: 'gateway', ambient: 'ambient', none: 'no proxy' } as const;

/** A description for people, in lines of so many characters where words allow it. */
export function descriptionText(
  description: PodDescription | ServiceDescription | NamespaceDescription,
  columns: number,
): string {
  const sections = [...ownSections(description), ...commonSections(description)];
  const parts = sections
    .filter(([, lines]) => lines.length > 0)
    .map(
      ([heading, lines]) => `${heading}\n${lines.map((line) => wrapText(`  ${line}`, columns, '      ')).join('\n')}\n`,
    );
  return parts.join('\n');
}

function ownSections(description: PodDescription | ServiceDescription | NamespaceDescription): Section[] {
  switch (description.kind) {
    case 'Pod':
      return podSections(description);
    case 'Service':
      return serviceSections(description);
    case 'Namespace':
      return namespaceSections(description);
  }
}

function podSections(pod: PodDescription): Section[] {
  return [
    [`Pod ${pod.namespace}/${pod.name}`, [`traffic    ${carrierText(pod.carrier)}`]],
    ['Injection', injectionLines(pod)],
    ['Ports', pod.services.flatMap(({ host, ports }) => tableLines(portTable(ports, host)))],
  ];
}

function carrierText(carrier: PodDescription['carrier']): string {
  return carrier === 'none'
    ? 'without a proxy: plain text'
    : `by ${carrier === 'ambient' ? 'ztunnel' : `its ${carrier}`}`;
}

function injectionLines({ injection }: PodDescription): string[] {
  if (!injection) return [];
  const { hasProxy, version, revision, wouldInject, webhook, reason, message } = injection;
  const now = wouldInject === null ? 'cannot be told' : wouldInject ? 'gets a proxy' : 'gets none';
  return [
    `proxy      ${hasProxy ? `${version ?? ''}, revision ${revision ?? 'unknown'}` : 'none'}`,
    `a new one  ${now}${reason && ` (${reason})`}: ${message}`,
    ...(webhook === null ? [] : [`asked by   ${webhook}`]),
  ];
}

function serviceSections(service: ServiceDescription): Section[] {
  const { namespace, name, host, visibleIn, pods, ports, rule } = service;
  const counts = Object.entries(CARRIERS).flatMap(([carrier, text]) => {
    const count = pods.filter((pod) => pod.carrier === carrier).length;
    return count === 0 ? [] : [`${count} ${text}`];
  });
  return [
    [
      `Service ${namespace}/${name}`,
      [
        `host       ${host}`,
        `seen in    ${visibleIn.includes('*') ? 'all namespaces' : visibleIn.join(', ')}`,
        `pods       ${
          pods.length === 0
            ? 'none'
            : `${counts.join(', ')}: ${listSome(
                pods.map((pod) => pod.name),
                3,
              )}`
        }`,
      ],
    ],
    ['Ports', tableLines(portTable(ports))],
    ['DestinationRule', ruleLines(rule)],
  ];
}

function ruleLines(rule: ServiceDescription['rule']): string[] {
  if (!rule) return [];
  return [
    rule.from.join(', '),
    ...rule.subsets.map(
      ({ name, labels, pods }) =>
        `  subset ${name}: ${selectorText(labels) || 'all'}, ${pods} ${pods === 1 ? 'pod' : 'pods'}`,
    ),
  ];
}

function namespaceSections(namespace: NamespaceDescription): Section[] {
  const { name, labels, webhooks, pods, mutualTls, services } = namespace;
  const counts = Object.entries(CARRIERS).map(([carrier, text]) => `${pods[carrier as keyof typeof pods]} ${text}`);
  return [
    [
      `Namespace ${name}`,
      [
        `labels     ${selectorText(labels) || 'none about the mesh'}`,
        `injectors  ${webhooks.join(', ') || 'none looks at it'}`,
        `pods       ${counts.join(', ')}`,
        `mutual TLS ${mutualTls.mode} (${mutualTls.policy === null ? 'the default' : `PeerAuthentication ${mutualTls.policy}`})`,
        `services   ${services.length === 0 ? 'none' : `${services.length}: ${listSome(services.map(shortName))}`}`,
      ],
    ],
  ];
}

function shortName(host: string): string {
  return host.split('.')[0] ?? host;
}

function portTable(ports: readonly PortTls[], host?: string): string {
  if (ports.length === 0) return '';
  const rows = ports.map(({ port, protocol, target, mode, carrier, policy, pods, of }) => [
    `${host === undefined ? '' : `${host.replace(/\.svc\.cluster\.local$/, '')}:`}${port}`,
    String(target ?? '?'),
    protocol === 'auto' ? 'found out' : protocol,
    `${mode ?? CARRIERS[carrier]}${pods < of ? ` (${pods} of ${of})` : ''}`,
    policy ?? '-',
  ]);
  return toTable([['PORT', 'OF POD', 'PROTOCOL', 'MUTUAL TLS', 'POLICY'], ...rows]);
}

function tableLines(table: string): string[] {
  return table.split('\n').filter((line) => line !== '');
}

const REACHES = { workload: 'by labels', target: 'by target', namespace: 'namespace', mesh: 'mesh' } as const;

function policyText({ says, pods, of }: CommonParts['policies'][number]): string {
  if (pods === undefined || pods === of) return says;
  return `${says} (${pods} of ${String(of)} pods)`.trimStart();
}

function commonSections({ policies, routes, gateways, problems }: CommonParts): Section[] {
  const policyRows = policies.map((policy) => [policy.resource, REACHES[policy.reach], policyText(policy)]);
  return [
    ['Policies', policyRows.length === 0 ? ['none'] : tableLines(toTable(policyRows))],
    [
      'Routes',
      routes.length === 0
        ? ['none: requests go to the pods as they come']
        : routes.flatMap(({ resource, hosts, gateways: used, routes: lines }) => [
            `${resource} for ${hosts.join(', ') || 'all hosts'} in ${used.join(', ') || 'nothing'}`,
            ...lines.map((line, i) => `  ${i + 1}. ${line}`),
          ]),
    ],
    [
      'Gateways',
      gateways.flatMap(({ resource, servers, pods }) => [
        `${resource}, ${pods} ${pods === 1 ? 'pod' : 'pods'}`,
        ...servers.map((server) => `  ${server}`),
      ]),
    ],
    [
      'Problems',
      problems.length === 0
        ? ['none found']
        : problems.map(
            ({ level, code, resource, path, message }) =>
              `${level} [${code}] (${resource}${path && ` ${path}`}) ${message}`,
          ),
    ],
  ];
}
