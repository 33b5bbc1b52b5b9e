import { describe, expect, it } from 'vitest';

import { checkHost, findMissing, type HostFacts } from './host-facts.ts';

const able: HostFacts = {
  platform: 'linux',
  kernel: '6.18.0',
  uid: 0,
  capabilities: 0x1fffeffffffn,
  namespaces: ['cgroup', 'ipc', 'mnt', 'net', 'pid', 'uts'],
  controllers: ['cpu', 'cpuacct', 'cpuset', 'devices', 'memory', 'pids'],
  fileSystems: ['proc', 'overlay', 'ext4'],
  cache: { path: '/home/dev/.cache/sailwright', isOverlay: false },
};

describe('findMissing', () => {
  it('finds nothing missing for root with namespaces, cgroups of version 1 and overlay', () => {
    expect(findMissing(able)).toEqual([]);
  });

  it.each<[string, Partial<HostFacts>, string]>([
    ['another system', { platform: 'darwin' }, 'Linux (this is darwin)'],
    ['an ordinary user', { uid: 1000, capabilities: 0n }, 'root (this is user 1000)'],
    [
      'root in a container',
      { capabilities: 0xa80425fbn },
      'the capabilities CAP_NET_ADMIN, CAP_SYS_ADMIN (a container without them?)',
    ],
    ['an old kernel', { namespaces: ['ipc', 'mnt', 'net', 'pid', 'uts'] }, 'namespaces of the kinds cgroup'],
    [
      'cgroups of version 2 alone',
      { controllers: [] },
      'cgroups of version 1 below /sys/fs/cgroup, with the controllers cpu, cpuacct, cpuset, devices, memory, pids',
    ],
    [
      'the layer of a container',
      { cache: { path: '/c', isOverlay: true } },
      'a cache folder that is no overlay itself, as /c is (SAILWRIGHT_CACHE names another)',
    ],
    ['no overlay', { fileSystems: ['ext4'] }, 'the overlay file system (modprobe overlay)'],
  ])('names what %s lacks', (_, facts, expected) => {
    expect(findMissing({ ...able, ...facts })).toEqual([expected]);
  });
});

describe('checkHost', () => {
  it('names all that is missing at once, and what works without', () => {
    expect(() => checkHost({ ...able, uid: 1000, fileSystems: [] }, 2)).toThrow(
      /kernel 6\.18\.0\), which lacks:\n {2}- root .*\n {2}- the overlay .*\nSimulated nodes need none of it/,
    );
  });

  it.each([0, 10, 1.5])('refuses %s nodes', (nodes) => {
    expect(() => checkHost(able, nodes)).toThrow(`real nodes: ${nodes} is not a number of nodes: ask for 1 to 9`);
  });
});
