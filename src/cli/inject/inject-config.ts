import { compileInjectionConfig, type CompiledInjectionConfig } from '../../core/inject/compile-injection-config.ts';
import { injectionConfigOf, type InjectionConfigFile } from '../../core/inject/injection-config-file.ts';
import type { InjectionConfig } from '../../core/inject/injection-config.ts';
import { InjectionError } from '../../core/inject/template-context.ts';
import { findRelease } from '../../core/istio/find-release.ts';
import { isJsonObject, type KubeObject } from '../../core/kube-object.ts';
import { formatProblem } from '../../core/problem.ts';
import { DEFAULT_PROFILE, renderInjection, type RenderedInjection } from '../../core/render/render-injection.ts';
import { readMaps } from '../files/read-maps.ts';
import { InputError } from '../shell/input-error.ts';
import type { ImageDefaults } from '../../operator/image-defaults.ts';

/** What stands where nothing else is said. */
export interface Standard {
  /** Release of Istio that is asked for. */
  release?: string;
  /** Of images. */
  defaults: ImageDefaults;
}

/** What `sailwright inject` injects with. */
export interface LocalInjection {
  /** By the rules for files, or for pods as the webhook sees them. */
  compile: (use: 'files' | 'pods') => CompiledInjectionConfig;
  /** MutatingWebhookConfigurations of the control plane; none when a file describes the configuration. */
  webhooks: KubeObject[];
  namespaces: NonNullable<InjectionConfigFile['namespaces']>;
}

/** The configuration in a file. @throws InputError */
export function loadInjectionFile(file: string, standard: Standard): LocalInjection {
  const problems: string[] = [];
  const [config, second] = readMaps(file, problems);
  const [problem] = problems;
  if (problem !== undefined) throw new InputError(problem);
  if (!config || second) throw new InputError(`${file}: holds no configuration, or more than one document`);
  for (const field of ['values', 'meshConfig', 'injectionConfig', 'env']) {
    const value = config[field];
    if (value !== undefined && value !== null && !isJsonObject(value)) {
      throw new InputError(`${file}: ${field}: must be a map`);
    }
  }
  const { release } = standard;
  const known = withDefaults(release === undefined ? config : { ...config, version: release }, standard);
  return {
    compile: (use) => compiled(injectionConfigOf(known, use), file),
    webhooks: [],
    namespaces: known.namespaces ?? [],
  };
}

/** Values and mesh that the file says nothing of are the default profile's; what it names counts as it stands. */
function withDefaults(file: InjectionConfigFile, { defaults }: Standard): InjectionConfigFile {
  if (file.values && file.meshConfig) return file;
  const { values, meshConfig = {} } = renderDefault({
    ...(file.version === undefined ? {} : { release: file.version }),
    defaults,
  }).config;
  return { ...file, values: file.values ?? values, meshConfig: file.meshConfig ?? meshConfig };
}

/** The configuration that the default profile installs. @throws InputError */
export function defaultInjection(standard: Standard): LocalInjection {
  const { config, webhooks } = renderDefault(standard);
  return { compile: () => compiled(config, 'the default profile'), webhooks, namespaces: [] };
}

function renderDefault({ release, defaults }: Standard): RenderedInjection {
  const asked = release === undefined ? {} : { istioVersion: findRelease(release).name };
  const options = { form: 'sailwright', defaults, ...asked } as const;
  const result = renderInjection(DEFAULT_PROFILE, options);
  if (!result.ok) throw new InputError(`the default profile: ${result.problems.map(formatProblem).join('; ')}`);
  return result.value;
}

function compiled(config: InjectionConfig, source: string): CompiledInjectionConfig {
  try {
    return compileInjectionConfig(config);
  } catch (error) {
    if (error instanceof InjectionError) throw new InputError(`${source}: ${error.message}`);
    throw error;
  }
}
