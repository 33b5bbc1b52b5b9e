import { describe, expect, it } from 'vitest';
import { meshConfigWithDefaults } from '../../inject/mesh-config.ts';
import { findRelease } from '../../istio/find-release.ts';
import type { JsonObject } from '../../kube-object.ts';
import { validateMeshConfig } from './mesh-config.ts';

/** What a release says, with `!` before errors. */
function said(mesh: JsonObject, release: string): string[] {
  const found = validateMeshConfig(meshConfigWithDefaults(mesh), { path: 'mesh', release: findRelease(release) });
  return found.map(({ severity, code, path }) => `${severity === 'error' ? '!' : ''}${code} ${path}`);
}

describe('retries of requests to the own workload', () => {
  const at = 'mesh.defaultInboundHttpRetryPolicy';
  it.each<[string, JsonObject, string[]]>([
    ['good ones', { attempts: 2, retryOn: 'reset-before-request', backoff: '25ms' }, []],
    ['none', { attempts: 0 }, []],
    ['a reason that is none', { attempts: 2, retryOn: 'always' }, [`!RetryPolicyUnknown ${at}.retryOn`]],
    ['a negative number', { attempts: -1 }, [`!AttemptsNegative ${at}.attempts`]],
    ['settings of none', { retryOn: '5xx' }, [`!RetriesOff ${at}.attempts`]],
    ['time between none', { backoff: '25ms' }, [`!RetriesOff ${at}.attempts`]],
    ['settings of none, told once', { backoff: '25ms', retryOn: '5xx' }, [`!RetriesOff ${at}.attempts`]],
    [
      'what has no effect',
      { attempts: 2, perTryTimeout: '1s', retryRemoteLocalities: false, retryIgnorePreviousHosts: true },
      ['perTryTimeout', 'retryRemoteLocalities', 'retryIgnorePreviousHosts'].map(
        (f) => `FieldWithoutEffect ${at}.${f}`,
      ),
    ],
  ])('%s', (_, policy, expected) => {
    expect(said({ defaultInboundHttpRetryPolicy: policy }, '1.32')).toEqual(expected);
    // A release that does not know the field ignores it.
    expect(said({ defaultInboundHttpRetryPolicy: policy }, '1.31')).toEqual([]);
  });
});

it.each<[string, JsonObject]>([
  ['the mesh', { defaultTrafficPolicy: { connectionPool: {} } }],
  ['proxies', { defaultConfig: { connectionSettings: { httpMaxConcurrentStreams: 0 } } }],
])('fields of %s that a release does not know are not judged', (_, mesh) => {
  expect(said(mesh, '1.31')).toHaveLength(1);
  expect(said(mesh, '1.30')).toEqual([]);
});
