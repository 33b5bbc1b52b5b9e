import { describe, expect, test } from 'vitest';
import { DEFAULT_VERSION } from '../../istio/registry.ts';
import { findFqdnFault, findGatewayHostFaults, findSidecarHostFaults, findSniHostFault } from './host-name.ts';

const codes = (faults: readonly { code: string }[]): string[] => faults.map(({ code }) => code);

describe('a full name', () => {
  test.each(['a', 'a.b.c', 'a.b.', '1a.b2'])('%s', (text) => {
    expect(findFqdnFault(text)).toBeUndefined();
  });

  test.each([
    ['', 'HostEmpty'],
    ['a'.repeat(256), 'HostTooLong'],
    ['a..b', 'HostInvalid'],
    ['*.b', 'HostInvalid'],
    ['a.1', 'HostInvalid'],
    ['a_b', 'HostInvalid'],
  ])('refused: %.20s', (text, code) => {
    expect(findFqdnFault(text)).toMatchObject({ code });
  });
});

describe('a server name', () => {
  test.each(['*.a.b', '*', 'outbound_.80_._.a.b', 'outbound_.443_.v1_.a.b'])('%s', (text) => {
    expect(findSniHostFault(text)).toBeUndefined();
  });

  test.each([
    ['a.*.b', 'HostInvalid'],
    ['outbound_', 'HostInvalid'],
    ['outbound_.x_._.a', 'HostInvalid'],
    ['outbound_.80_._.1', 'HostInvalid'],
    [`outbound_.80_._.${'a'.repeat(256)}`, 'HostTooLong'],
  ])('refused: %.25s', (text, code) => {
    expect(findSniHostFault(text)).toMatchObject({ code });
  });
});

describe('a host of a Sidecar', () => {
  test.each(['*/*', './*', '~/*', '~prod/*', 'prod/*.a.b', '*/a.b'])('%s', (text) => {
    expect(findSidecarHostFaults(text, DEFAULT_VERSION.traits)).toEqual([]);
  });

  test.each([
    ['a.b', ['HostNamespaceMissing']],
    ['/a.b', ['HostInvalid']],
    ['prod/', ['HostInvalid', 'HostShortName', 'HostEmpty']],
    ['-prod/a.b', ['HostNamespaceInvalid']],
    ['~-prod/a.b', ['HostNamespaceInvalid']],
    ['prod/a', ['HostShortName']],
    ['prod/*a.b', ['HostPartialWildcard']],
  ])('refused: %s', (text, expected) => {
    expect(codes(findSidecarHostFaults(text, DEFAULT_VERSION.traits))).toEqual(expected);
  });
});

describe('a host of a Gateway', () => {
  test.each(['*', 'a.b', '*.a.b', '1.2.3.4', '*/a.b', './a.b', 'prod/a.b'])('%s', (text) => {
    expect(findGatewayHostFaults(text)).toEqual([]);
  });

  test('no namespace but for those that the Gateway API made', () => {
    expect(codes(findGatewayHostFaults('~/a.b'))).toEqual(['HostNamespaceInvalid']);
    expect(findGatewayHostFaults('~/a.b', { isFromGatewayApi: true })).toEqual([]);
  });
});
