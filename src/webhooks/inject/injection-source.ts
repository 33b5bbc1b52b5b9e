import { compileInjectionConfig, type CompiledInjectionConfig } from '../../core/inject/compile-injection-config.ts';
import { readControlPlaneConfig } from '../../core/inject/control-plane-config.ts';
import type { ControlPlaneObjects } from '../../core/inject/control-plane-objects.ts';
import { compileNodes, type InjectionNode } from '../../core/inject/native-sidecar.ts';
import { compileProxyConfigs, type ProxyConfigResource } from '../../core/inject/proxy-config.ts';
import type { KubeObject } from '../../core/kube-object.ts';
import { RecentTexts } from '../../core/recent-texts.ts';
import type { InjectionConfigs, InjectionSource } from './injection-configs.ts';

/** Everything that a configuration of injection is made from, as plain data. */
export interface InjectionInputs {
  objects: ControlPlaneObjects;
  nodes: readonly InjectionNode[];
  proxyConfigs: readonly ProxyConfigResource[];
  /** Namespaces with OpenShift's annotations, where these matter. */
  namespaces: readonly KubeObject[];
}

/** Far more control planes than a cluster has, and more text than two ConfigMaps hold. */
const KEPT = { texts: 16, length: 4 * 1024 * 1024 };

let lastVersion = 0;

/** Writes the inputs of a control plane down for other threads. */
export function writeSource(controlPlane: string, inputs: InjectionInputs): InjectionSource {
  const bytes = Buffer.from(JSON.stringify(inputs), 'utf8');
  const text = new SharedArrayBuffer(bytes.length);
  new Uint8Array(text).set(bytes);
  return { controlPlane, version: ++lastVersion, text };
}

interface Read {
  version: number;
  configs: InjectionConfigs;
}

/** Reads sources in another thread, each once: the last one of each control plane is kept. */
export class SourceReader {
  readonly #last = new Map<string, Read>();
  /** Nodes come and go while the rest stays. */
  readonly #bases = new RecentTexts<CompiledInjectionConfig>(KEPT);

  /** The configurations as far as the source tells; a problem stands for a configuration that there is not. */
  read(source: InjectionSource | { problem: string }): InjectionConfigs {
    if ('problem' in source) return configsOf(source, []);
    const known = this.#last.get(source.controlPlane);
    if (known?.version === source.version) return known.configs;
    const inputs = JSON.parse(Buffer.from(new Uint8Array(source.text)).toString('utf8')) as InjectionInputs;
    const configs = configsOf(this.#compile(inputs), inputs.namespaces);
    this.#keep(source.controlPlane, { version: source.version, configs });
    return configs;
  }

  #keep(controlPlane: string, read: Read): void {
    this.#last.delete(controlPlane);
    this.#last.set(controlPlane, read);
    const [oldest] = this.#last.keys();
    if (this.#last.size > KEPT.texts && oldest !== undefined) this.#last.delete(oldest);
  }

  #compile({ objects, nodes, proxyConfigs }: InjectionInputs): CompiledInjectionConfig {
    // Whether to inject by what is there was decided where it was read.
    const compile = (): CompiledInjectionConfig =>
      compileInjectionConfig(readControlPlaneConfig(objects), { isLenient: true });
    const base = this.#bases.of(JSON.stringify(objects), compile);
    return { ...base, nodes: compileNodes(nodes), proxyConfigs: compileProxyConfigs(base.mesh, proxyConfigs) };
  }
}

function configsOf(
  config: CompiledInjectionConfig | { problem: string },
  namespaces: readonly KubeObject[],
): InjectionConfigs {
  const byName = new Map(namespaces.map((namespace) => [namespace.metadata.name, namespace]));
  return { configOf: () => config, reading: () => undefined, namespaceOf: (name) => byName.get(name) };
}
