import { compileInjectionConfig, type CompiledInjectionConfig } from '../../core/inject/compile-injection-config.ts';
import { readControlPlaneConfig } from '../../core/inject/control-plane-config.ts';
import type { ControlPlaneObjects } from '../../core/inject/control-plane-objects.ts';
import { compileNodes, type InjectionNode } from '../../core/inject/native-sidecar.ts';
import { compileProxyConfigs, type ProxyConfigResource } from '../../core/inject/proxy-config.ts';
import type { KubeObject } from '../../core/kube-object.ts';
import type { InjectionConfigs, InjectionSource } from './injection-configs.ts';

/** Everything that a configuration of injection is made from, as plain data. */
export interface InjectionInputs {
  objects: ControlPlaneObjects;
  nodes: readonly InjectionNode[];
  proxyConfigs: readonly ProxyConfigResource[];
  /** Namespaces with OpenShift's annotations, where these matter. */
  namespaces: readonly KubeObject[];
}

let lastVersion = 0;

/** Writes the inputs down for other threads. */
export function writeSource(inputs: InjectionInputs): InjectionSource {
  const bytes = Buffer.from(JSON.stringify(inputs), 'utf8');
  const text = new SharedArrayBuffer(bytes.length);
  new Uint8Array(text).set(bytes);
  return { version: ++lastVersion, text };
}

/** Reads sources in another thread; the last one is kept, since most calls are by the same one. */
export class SourceReader {
  #last: { version: number; configs: InjectionConfigs } | undefined;

  /** The configurations as far as the source tells; a problem stands for a configuration that there is not. */
  read(source: InjectionSource | { problem: string }): InjectionConfigs {
    if ('problem' in source) return configsOf(source, []);
    if (this.#last?.version !== source.version) {
      const inputs = JSON.parse(Buffer.from(new Uint8Array(source.text)).toString('utf8')) as InjectionInputs;
      this.#last = { version: source.version, configs: configsOf(compile(inputs), inputs.namespaces) };
    }
    return this.#last.configs;
  }
}

function compile({ objects, nodes, proxyConfigs }: InjectionInputs): CompiledInjectionConfig {
  // Whether to inject by what is there was decided where it was read.
  const base = compileInjectionConfig(readControlPlaneConfig(objects), { isLenient: true });
  return { ...base, nodes: compileNodes(nodes), proxyConfigs: compileProxyConfigs(base.mesh, proxyConfigs) };
}

function configsOf(
  config: CompiledInjectionConfig | { problem: string },
  namespaces: readonly KubeObject[],
): InjectionConfigs {
  const byName = new Map(namespaces.map((namespace) => [namespace.metadata.name, namespace]));
  return { configOf: () => config, reading: () => undefined, namespaceOf: (name) => byName.get(name) };
}
