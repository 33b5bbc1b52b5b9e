import { NAMESPACE_INJECTION_LABEL, PROXY_CONTAINER, REVISION_LABEL } from '../../../api/istio-names.ts';
import type { ProxyConfig } from '../../../api/networking/proxy-config.ts';
import { isJsonObject, type Json } from '../../kube-object.ts';
import type { Analyzer } from '../analyzer.ts';
import { KIND } from '../kinds.ts';
import { allContainers, type PodSpecView } from '../kubernetes-views.ts';
import { meshConfigOf, rootNamespaceOf } from '../mesh-settings.ts';
import { message } from '../messages.ts';
import { specAs, type Resource } from '../resource.ts';
import { hasLabels } from '../../label-selector.ts';
import type { World } from '../world.ts';
import { injectorConfigMapName, injectorValues } from './namespace-injection.ts';

function textOf(value: Json | undefined): string {
  return typeof value === 'string' || typeof value === 'number' ? String(value) : '';
}

/** The image that injection puts into pods now. */
function configuredImage(configMap: Resource): string {
  const { global } = injectorValues(configMap);
  if (!isJsonObject(global)) return '';
  const image = isJsonObject(global.proxy) ? textOf(global.proxy.image) : '';
  return image.includes('/') ? image : `${textOf(global.hub)}/${image}:${textOf(global.tag)}`;
}

const IMAGE_TYPE = /(?:^|[\s{,])imageType:\s*["']?([\w.-]+)/;

/** The image type of a pod: mesh, root namespace, namespace, workload, annotation; the last one that says something counts. */
function imageTypeOf(world: World, pod: Resource): string {
  const root = rootNamespaceOf(world);
  const configs = world.list(KIND.proxyConfig);
  const ofNamespace = configs.filter(
    (config) =>
      config.namespace === root || (config.namespace === pod.namespace && !specAs<ProxyConfig>(config).selector),
  );
  const ofWorkload = configs.filter((config) => {
    const { selector } = specAs<ProxyConfig>(config);
    return (
      config.namespace === pod.namespace &&
      config.namespace !== root &&
      selector &&
      hasLabels(pod.labels, selector.matchLabels)
    );
  });
  const inRootFirst = [...ofNamespace].sort((a, b) => Number(b.namespace === root) - Number(a.namespace === root));
  const types = [
    meshConfigOf(world).defaultConfig?.image?.imageType,
    ...[...inRootFirst, ...ofWorkload].map((config) => specAs<ProxyConfig>(config).image?.imageType),
    IMAGE_TYPE.exec(pod.annotations['proxy.istio.io/config'] ?? '')?.[1],
  ];
  const type = types.filter(Boolean).at(-1) ?? '';
  return type === 'default' ? '' : type;
}

function isOutdated(world: World, pod: Resource, image: string): boolean {
  if (pod.annotations['sidecar.istio.io/proxyImage']) return false;
  const wanted = [image, `${image}-${imageTypeOf(world, pod)}`];
  return allContainers(specAs<PodSpecView>(pod)).some(
    ({ name, image: actual = '' }) => name === PROXY_CONTAINER && !wanted.includes(actual),
  );
}

/** Pods whose proxy is of another image than injection would give them now. */
export const proxyImages: Analyzer = {
  name: 'injection.ImageAnalyzer',
  inputs: [KIND.namespace, KIND.pod, KIND.configMap, KIND.meshConfig, KIND.proxyConfig],
  analyze: (world) => {
    const images = new Map(
      world
        .list(KIND.configMap)
        .filter(({ name }) => name.startsWith('istio-sidecar-injector'))
        .map((configMap) => [configMap.name, configuredImage(configMap)]),
    );
    return world.list(KIND.namespace).flatMap((namespace) => {
      const { labels, name } = namespace;
      const revision = labels[REVISION_LABEL];
      const image = images.get(injectorConfigMapName(revision));
      if (image === undefined || (labels[NAMESPACE_INJECTION_LABEL] !== 'enabled' && revision === undefined)) return [];
      const outdated = world
        .listIn(KIND.pod, name)
        .filter((pod) => isOutdated(world, pod, image))
        .map((pod) => pod.name)
        .sort();
      if (outdated.length === 0) return [];
      const text = `The proxies of ${outdated.join(', ')} are not of image ${image}, which injection uses now: restart their workloads.`;
      return [message('IST0158', namespace, text)];
    });
  },
};
