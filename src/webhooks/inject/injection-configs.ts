import type { CompiledInjectionConfig } from '../../core/inject/compile-injection-config.ts';
import type { KubeObject } from '../../core/kube-object.ts';

/** What decides the injection of pods: one configuration for each control plane. */
export interface InjectionConfigs {
  /** The configuration of a revision, or why there is none. */
  configOf(revision: string, namespace: string): CompiledInjectionConfig | { problem: string };
  /** While the control planes of a namespace are being read for the first time: resolves when they are. */
  reading(namespace: string): Promise<void> | undefined;
  namespaceOf(name: string): KubeObject | undefined;
}

/** What configurations are made from, for other threads. */
export interface InjectionSources {
  /** The source of what `configOf` gives, or why there is none. */
  sourceOf(revision: string, namespace: string): InjectionSource | { problem: string };
}

/**
 * What a configuration is made from, in memory that threads share, so that handing it over costs nothing. What has the
 * same version is the same.
 */
export interface InjectionSource {
  /** Namespace and revision of the control plane, with a slash between. */
  controlPlane: string;
  version: number;
  text: SharedArrayBuffer;
}
