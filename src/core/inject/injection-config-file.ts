import type { JsonObject } from '../kube-object.ts';
import type { InjectionConfig, InjectionEnvironment } from './injection-config.ts';
import type { InjectionNode } from './native-sidecar.ts';
import type { ProxyConfigResource } from './proxy-config.ts';

/** A namespace of the cluster, as far as injection needs it. */
export interface InjectionNamespace {
  name: string;
  annotations?: Readonly<Record<string, string>>;
}

/** Everything that decides an injection, as one file: `sailwright inject --config FILE`. */
export interface InjectionConfigFile {
  env?: InjectionEnvironment;
  /** The injector's own configuration. A template is given by its text; one that names a file is a built-in one. */
  injectionConfig?: Omit<InjectionConfig, 'values' | 'templates'> & {
    templates?: Readonly<Record<string, string | { text?: string; file?: string }>> | null;
  };
  meshConfig?: JsonObject | null;
  values?: JsonObject | null;
  namespaces?: readonly InjectionNamespace[] | null;
  nodes?: readonly InjectionNode[] | null;
  proxyConfigs?: readonly ProxyConfigResource[] | null;
  /** Release of the control plane, such as `1.31.4`; the newest that is known when left out. */
  version?: string;
  /** Revision of the webhook. */
  revision?: string;
  /** Revision for files, when it is another. */
  kubeInjectRevision?: string;
}

/** The configuration that a file describes, for the webhook (`pods`) or for workloads in files. */
export function injectionConfigOf(file: InjectionConfigFile, use: 'pods' | 'files'): InjectionConfig {
  const { templates, ...own } = file.injectionConfig ?? {};
  const revision = use === 'files' ? (file.kubeInjectRevision ?? file.revision) : file.revision;
  return {
    ...own,
    ...(templates ? { templates: customTemplates(templates) } : {}),
    values: file.values ?? {},
    meshConfig: file.meshConfig ?? {},
    proxyConfigs: file.proxyConfigs ?? [],
    ...(file.env ? { env: file.env } : {}),
    ...(file.nodes ? { nodes: file.nodes } : {}),
    ...(file.version === undefined ? {} : { version: file.version }),
    revision: revision ?? '',
  };
}

function customTemplates(
  templates: Readonly<Record<string, string | { text?: string; file?: string }>>,
): Record<string, string> {
  return Object.fromEntries(
    Object.entries(templates).flatMap(([name, template]) => {
      const text = typeof template === 'string' ? template : template.text;
      return text === undefined ? [] : [[name, text]];
    }),
  );
}
