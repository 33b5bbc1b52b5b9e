export * from '../../src/cli/archive/tar.ts';
