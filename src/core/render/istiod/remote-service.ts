import { REVISION_LABEL } from '../../../api/istio-names.ts';
import { bareLabel, managerName, revisionLabel } from '../labels.ts';
import { isOn, str, valueAt } from '../../values/value-tree.ts';
import { istiodName, nameLabels } from './identity.ts';
import { ipFamilyFields } from './service.ts';
import type { ChartContext } from '../chart.ts';
import type { JsonObject, KubeObject } from '../../kube-object.ts';

/** Name of the service that leads to an istiod elsewhere; `-remote` where a local istiod has the plain name. */
export function remoteServiceName(context: ChartContext): string {
  const local = isOn(context.values, 'istiodRemote.enabledLocalInjectorIstiod');
  return `${istiodName(context)}${local ? '-remote' : ''}`;
}

/** By its digits only, as Istio tells addresses from host names; undefined for a host name. */
export function addressFamily(address: string): 'IPv4' | 'IPv6' | undefined {
  if (/^([0-9]*\.){3}[0-9]*$/.test(address)) return 'IPv4';
  return /^([0-9a-fA-F]*:)+[0-9a-fA-F]*$/.test(address) ? 'IPv6' : undefined;
}

/** The service through which proxies here reach an istiod elsewhere. */
export function renderRemoteService(context: ChartContext): KubeObject {
  const address = valueAt(context.values, 'global.remotePilotAddress');
  const family = addressFamily(str(context.values, 'global.remotePilotAddress'));
  const external: JsonObject =
    family === undefined ? { type: 'ExternalName', externalName: bareLabel(context, address) } : {};
  return {
    apiVersion: 'v1',
    kind: 'Service',
    metadata: {
      name: remoteServiceName(context),
      namespace: context.namespace,
      labels: { [REVISION_LABEL]: revisionLabel(context), ...nameLabels(context) },
    },
    spec: {
      ports: [
        { port: 15012, name: 'tcp-istiod', protocol: 'TCP' },
        { port: 443, targetPort: 15017, name: 'tcp-webhook', protocol: 'TCP' },
      ],
      ...external,
      ...ipFamilyFields(context, 'global'),
    },
  };
}

/** The endpoint behind the remote service, when the address is an IP address. */
export function renderRemoteEndpointSlice(context: ChartContext): KubeObject[] {
  const family = addressFamily(str(context.values, 'global.remotePilotAddress'));
  if (family === undefined) return [];
  const name = remoteServiceName(context);
  return [
    {
      apiVersion: 'discovery.k8s.io/v1',
      kind: 'EndpointSlice',
      metadata: {
        name,
        namespace: context.namespace,
        labels: {
          'kubernetes.io/service-name': name,
          'endpointslice.kubernetes.io/managed-by': managerName(context),
          ...nameLabels(context),
        },
      },
      addressType: family,
      endpoints: [{ addresses: [bareLabel(context, valueAt(context.values, 'global.remotePilotAddress'))] }],
      ports: [
        { port: 15012, name: 'tcp-istiod', protocol: 'TCP' },
        { port: 15017, name: 'tcp-webhook', protocol: 'TCP' },
      ],
    },
  ];
}
