import { afterEach, describe, expect, it, vi } from 'vitest';

import { ensureBinaries } from './binaries.ts';
import { cacheDir } from './cache-dir.ts';

afterEach(() => vi.unstubAllEnvs());

describe('cacheDir', () => {
  it.each([
    [{ SAILWRIGHT_CACHE: '/c', XDG_CACHE_HOME: '/x' }, '/c'],
    [{ XDG_CACHE_HOME: '/x' }, '/x/sailwright'],
  ])('of %j is %s', (env, expected) => {
    expect(cacheDir(env)).toBe(expected);
  });
});

describe('ensureBinaries', () => {
  it('names the alternatives when Go is missing', async () => {
    vi.stubEnv('PATH', '/nonexistent');
    await expect(ensureBinaries()).rejects.toThrow(/install Go 1\.26 or newer, or set KUBECONFIG/);
  });
});
