export * from '../../src/cli/archive/file-tree.ts';
