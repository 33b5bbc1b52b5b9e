import { describe, expect, it } from 'vitest';

import { readOptions } from './options.ts';

describe('readOptions', () => {
  it.each([
    [[], { mesh: false, once: false }],
    [['--once'], { mesh: false, once: true }],
    [['--mesh', '--once'], { mesh: true, once: true }],
  ])('reads %j', (args, options) => {
    expect(readOptions(args)).toEqual(options);
  });

  it.each(['--help', '-h'])('knows that %s only asks', (arg) => {
    expect(readOptions([arg])).toBeUndefined();
  });

  it.each([
    ['an unknown option', ['--msh'], /'--msh'[\s\S]*usage: npm run demo/],
    ['an argument', ['mesh'], /'mesh'[\s\S]*usage: npm run demo/],
    ['a value', ['--mesh=2'], /'--mesh'[\s\S]*usage: npm run demo/],
  ])('refuses %s and says how to ask', (_, args, message) => {
    expect(() => readOptions(args)).toThrow(message);
  });

  it('knows options that npm took for its own', () => {
    expect(() => readOptions([], { npm_config_mesh: 'true' })).toThrow('write npm run demo -- --mesh');
    expect(() => readOptions(['--once'], { npm_config_mesh: 'true' })).toThrow('write npm run demo -- --mesh --once');
  });

  it('refuses the true mesh on a cluster of somebody else', () => {
    expect(() => readOptions(['--mesh'], { KUBECONFIG: '/a/config' })).toThrow(/KUBECONFIG names another.*\/a\/config/);
    expect(readOptions([], { KUBECONFIG: '/a/config' })).toEqual({ mesh: false, once: false });
  });
});
