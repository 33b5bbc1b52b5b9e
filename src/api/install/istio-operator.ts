import type { z } from 'zod';
import { anything, imageTag, kubeObject, text, textMap } from '../field-types.ts';
import { meshConfig } from '../mesh/mesh-config.ts';
import { components } from './components.ts';
import { values } from './values/values.ts';

export { type MeshConfig } from '../mesh/mesh-config.ts';
export { type ProxyConfig } from '../mesh/proxy-config.ts';
export { type Component, type GatewayComponent } from './components.ts';
export { type KubernetesSettings } from './kubernetes-settings.ts';
export { type Values } from './values/values.ts';

/** What the user asks for. */
export const istioOperatorSpec = kubeObject('IstioOperatorSpec', () => ({
  profile: text.describe('Named set of settings to start from, such as `default`, `minimal`, `demo` or `ambient`.'),
  installPackagePath: text.describe('Accepted for old files; has no effect, the charts are built in.'),
  hub: text.describe('Image registry and path of all components.'),
  tag: imageTag.describe('Image tag of all components.'),
  namespace: text.describe('Accepted for old files; use `values.global.istioNamespace`.'),
  revision: text.describe('Name of this control plane beside others; a DNS label such as `1-31`.'),
  compatibilityVersion: text.describe('Earlier minor version, such as `1.30`, whose behaviour is kept.'),
  meshConfig: meshConfig.describe('Mesh-wide settings that istiod and the proxies read.'),
  components: components.describe('What is installed and how it runs.'),
  values: values.describe('Settings of the charts; unknown ones are refused.'),
  unvalidatedValues: anything.describe('Settings of the charts that are not checked; put on top of `values`.'),
}));
export type IstioOperatorSpec = z.infer<typeof istioOperatorSpec>;

/** What of the metadata is the user's. */
const metadata = kubeObject('Metadata', () => ({
  name: text,
  namespace: text,
  labels: textMap,
  annotations: textMap,
}));

/** What is decoded of the resource, part by part. */
export const ISTIO_OPERATOR_SCHEMAS = { metadata, spec: istioOperatorSpec, values } as const;

/** The resource as decoded: what the user wrote, without what the server added. */
export interface IstioOperator {
  apiVersion: string;
  kind: string;
  metadata: {
    name?: string;
    namespace?: string;
    labels?: Record<string, string>;
    annotations?: Record<string, string>;
  };
  spec: IstioOperatorSpec;
}
