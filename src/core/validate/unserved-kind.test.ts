import { describe, expect, it } from 'vitest';
import { ISTIO_KINDS } from '../../api/istio-kinds.ts';
import { findUnservedKind } from './unserved-kind.ts';

describe("kinds of Istio's that no cluster serves", () => {
  it.each([
    ['authentication.istio.io/v1alpha1', 'Policy', 'KindWithdrawn', /PeerAuthentication/],
    ['authentication.istio.io/v1alpha1', 'MeshPolicy', 'KindWithdrawn', /RequestAuthentication/],
    ['rbac.istio.io/v1alpha1', 'ServiceRoleBinding', 'KindWithdrawn', /AuthorizationPolicy/],
    ['rbac.istio.io/v1alpha1', 'ClusterRbacConfig', 'KindWithdrawn', /AuthorizationPolicy/],
    ['config.istio.io/v1alpha2', 'handler', 'KindWithdrawn', /Mixer ended/],
    ['config.istio.io/v1alpha2', 'QuotaSpec', 'KindWithdrawn', /rate limits/],
    ['config.istio.io/v1alpha2', 'rule', 'KindWithdrawn', /Mixer ended/],
    ['config.istio.io/v1alpha2', 'logentry', 'KindWithdrawn', /use Telemetry/],
    ['config.istio.io/v1alpha2', 'denier', 'KindWithdrawn', /use AuthorizationPolicy/],
    ['config.istio.io/v1alpha2', 'RouteRule', 'KindWithdrawn', /use VirtualService/],
    ['config.istio.io/v1alpha2', 'toString', 'KindWithdrawn', /Mixer ended/],
    ['operator.istio.io/v1alpha1', 'IstioOperator', 'KindWithdrawn', /install\.istio\.io\/v1alpha1/],
    ['networking.istio.io/v1', 'HTTPRoute', 'KindUnknown', /gateway\.networking\.k8s\.io/],
    ['network.istio.io/v1', 'Gateway', 'KindUnknown', /it is in networking\.istio\.io\/v1/],
    ['istio.io/v1alpha1', 'Sidecar', 'KindUnknown', /it is in networking\.istio\.io\/v1/],
    ['install.istio.io/v1alpha2', 'IstioControlPlane', 'KindUnknown', /use IstioOperator/],
    ['networking.istio.io/v1', 'VirtualServices', 'KindUnknown', /did you mean VirtualService\?/],
    ['networking.istio.io/v1', 'virtualservice', 'KindUnknown', /did you mean VirtualService\?/],
    ['networking.istio.io/v1', 'DestinatonRule', 'KindUnknown', /did you mean DestinationRule\?/],
    ['networking.istio.io/v1', 'AuthorizationPolicy', 'KindUnknown', /it is in security\.istio\.io/],
    ['security.istio.io/v1', 'PeerAuthentification', 'KindUnknown', /did you mean PeerAuthentication\?/],
    ['traffic.istio.io/v1', 'Thing', 'KindUnknown', /which Istio does not have/],
  ])('%s %s', (apiVersion, kind, code, message) => {
    const finding = findUnservedKind({ apiVersion, kind });
    expect(finding).toMatchObject({ severity: 'error', code, path: 'kind' });
    expect(finding?.message).toMatch(message);
  });

  it.each([
    ['networking.istio.io', 'networking.istio.io/v1'],
    ['telemetry.istio.io', 'telemetry.istio.io/v1alpha1'],
    ['traffic.istio.io', 'traffic.istio.io/v1'],
  ])('%s names no version', (apiVersion, better) => {
    const finding = findUnservedKind({ apiVersion, kind: 'VirtualService' });
    expect(finding).toMatchObject({ severity: 'error', code: 'VersionMissing', path: 'apiVersion' });
    expect(finding?.message).toContain(`write ${better}`);
  });

  it('are none of those that are served, nor of others', () => {
    const served = ISTIO_KINDS.flatMap(({ group, kind, versions }) =>
      versions.map((version) => ({ apiVersion: `${group}/${version}`, kind })),
    );
    const others = [
      { apiVersion: 'install.istio.io/v1alpha1', kind: 'IstioOperator' },
      { apiVersion: 'gateway.networking.k8s.io/v1', kind: 'HTTPRoute' },
      { apiVersion: 'example.com/v1', kind: 'VirtualService' },
      { apiVersion: 'v1', kind: 'Service' },
    ];
    expect([...served, ...others].map(findUnservedKind).filter(Boolean)).toEqual([]);
  });
});
