import { describe, expect, it } from 'vitest';
import { findUnreadFlag, listFlagMoves } from './flags.ts';
import { DEFAULT_VERSION, ISTIO_VERSIONS } from './registry.ts';

const version = (minor: string) => ISTIO_VERSIONS.find((known) => known.minor === minor) ?? DEFAULT_VERSION;

describe('a variable of a minor', () => {
  it.each(ISTIO_VERSIONS.map(({ minor }) => minor))('%s that it lists is read by it', (minor) => {
    const of = version(minor);
    expect(of.variables.filter((name) => findUnreadFlag(of, name))).toEqual([]);
    expect(new Set(of.variables).size).toBe(of.variables.length);
  });

  it.each(ISTIO_VERSIONS.map(({ minor }) => minor))('%s that was removed up to it is listed no more', (minor) => {
    const removed = ISTIO_VERSIONS.slice(ISTIO_VERSIONS.indexOf(version(minor))).flatMap(({ flags }) =>
      Object.values(flags.removed).flatMap((names) => Object.keys(names)),
    );
    expect(version(minor).variables.filter((name) => removed.includes(name))).toEqual([]);
  });

  it('is read before the minor that removes it, and from the one that adds it', () => {
    expect(version('1.30').variables).toContain('PILOT_SPAWN_UPSTREAM_SPAN_FOR_GATEWAY');
    expect(version('1.30').variables).not.toContain('PILOT_AUTO_SEND_UNHEALTHY_ENDPOINTS');
    expect(version('1.32').variables).toContain('PILOT_ENABLE_AWS_ZONE_ID');
  });

  it.each([
    // Of Istio's families nobody makes names of his own.
    ['PILOT_ENABEL_GATEWAY_API', 'PILOT_ENABLE_GATEWAY_API'],
    ['pilot_http10', 'PILOT_HTTP10'],
    ['PILOT_QQQ', undefined],
    // Elsewhere two letters may be wrong, of a name that is long enough.
    ['ENABLE_NATIVE_SIDECAR', 'ENABLE_NATIVE_SIDECARS'],
    ['ISTIO_META_DNS_CAPTUR', 'ISTIO_META_DNS_CAPTURE'],
  ])('%s is unknown: %s is meant', (name, meant) => {
    expect(findUnreadFlag(DEFAULT_VERSION, name)).toEqual({ cause: 'unknown', meant });
  });

  it.each([
    'MINE',
    'HTTPS_PROXY',
    'GOMEMLIMIT',
    'CLUSTER_IP',
    'ISTIO_META_TEAM',
    'toString',
    'ENABLE_MCS_HOSTS_OF_MINE',
  ])('%s may be the user’s own', (name) => {
    expect(findUnreadFlag(DEFAULT_VERSION, name)).toBeUndefined();
  });

  it('that was gone before the oldest minor that is known says since when', () => {
    expect(findUnreadFlag(DEFAULT_VERSION, 'PILOT_ENABLE_HBONE')).toMatchObject({ cause: 'removed', since: '1.22' });
  });
});

it('what an upgrade makes of a variable is told by each minor on the way, inherited names apart', () => {
  const flags = { added: {}, changed: { A: { from: '1', to: '2' } }, removed: { '9.1': { B: 'it is always on' } } };
  const way = [
    { ...DEFAULT_VERSION, minor: '9.1', flags },
    { ...DEFAULT_VERSION, minor: '9.2', flags: { ...flags, changed: { A: { from: '2', to: '3' } } } },
  ];
  expect(listFlagMoves('A', way)).toEqual([
    { what: 'changed', minor: '9.1', from: '1', to: '2' },
    { what: 'changed', minor: '9.2', from: '2', to: '3' },
  ]);
  expect(listFlagMoves('B', way)).toEqual([{ what: 'removed', minor: '9.1', instead: 'it is always on' }]);
  expect(listFlagMoves('constructor', way)).toEqual([]);
});
