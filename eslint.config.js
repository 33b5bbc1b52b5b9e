import js from '@eslint/js';
import comments from '@eslint-community/eslint-plugin-eslint-comments';
import tseslint from 'typescript-eslint';
import { keepCaughtError } from './tools/lint/keep-caught-error.ts';

const IO_MODULES = [
  {
    group: ['node:*', 'fs', 'fs/*', 'http', 'https', 'net', 'os', 'child_process'],
    message: 'The core is pure: do I/O at the edge.',
  },
  {
    group: ['@kubernetes/client-node', 'kubernetes-fluent-client', 'pino', 'prom-client'],
    message: 'The core knows no client, log or metrics.',
  },
];

const IMPURE_IMPORT = {
  selector: 'ImportExpression[source.value=/^(node:|@kubernetes|kubernetes-fluent-client|pino|prom-client)/]',
  message: 'The core is pure: do I/O at the edge.',
};

// Names that others match on are written once. \u002F is a slash, which would end the expression.
const SPELLED_NAMES = [
  ['our-names', String.raw`Literal[value=/^sailwright\.dev($|\u002F)|^(install\.)?operator\.istio\.io\u002F[a-u]/]`],
  ['istio-names', String.raw`Literal[value=/^(istio\.io\u002F(rev|tag|dataplane-mode)|istio-injection)$/]`],
  ['istio-names', String.raw`Literal[value=/^sidecar\.istio\.io\u002F(inject|status)$/]`],
  ['istio-names', ':not(Property[key.name="serviceCluster"]) > Literal[value="istio-proxy"]'],
].map(([home, selector]) => ({ selector, message: `Import this name from src/api/${home}.ts.` }));
// Tables of all names of a version.
const TABLES_OF_NAMES = ['src/api/*-names.ts', 'src/core/**/istio-annotations.ts', 'src/core/istio/**'];

/** A version is one folder: what differs between minors is its data, or one of its traits. */
const NAMED_MINORS = ['Literal[value=/^v?1\\.[3-9]\\d(\\.\\d+)?$/]', 'Identifier[name=/ISTIO_1_\\d/]'].map(
  (selector) => ({
    selector,
    message: 'Only src/core/istio names a minor of Istio: ask its traits or data.',
  }),
);

/** Through its export `z` alone every bundle would get all of zod: forty languages, conversions, checks. */
const WHOLE_ZOD = {
  selector: 'ImportDeclaration[source.value="zod"][importKind!="type"] > ImportSpecifier',
  message: "Write import * as z from 'zod': a bundle takes only what is used of it.",
};

/** What package.json promises runs: esbuild translates syntax, and leaves what a Node does not have. */
const TOO_YOUNG = [
  'Map.groupBy',
  'Object.groupBy',
  'Promise.withResolvers',
  'Promise.try',
  'Array.fromAsync',
  'RegExp.escape',
].map((name) => {
  const [object, property] = name.split('.');
  return { object, property, message: 'Node 20 does not have it.' };
});

export default tseslint.config(
  {
    ignores: [
      ...['dist/**', 'coverage/**', 'node_modules/**', 'eslint.config.js', 'testbed/end-with-parent.js'],
      // What it is for is installed by `npm run docs` alone.
      'tools/site/.vitepress/**',
    ],
  },
  js.configs.recommended,
  ...tseslint.configs.recommendedTypeChecked,
  {
    languageOptions: { parserOptions: { projectService: true, tsconfigRootDir: import.meta.dirname } },
    plugins: {
      '@eslint-community/eslint-comments': comments,
      own: { rules: { 'keep-caught-error': keepCaughtError } },
    },
    rules: {
      complexity: ['error', 12],
      'max-depth': ['error', 3],
      'max-params': ['error', 4],
      'max-lines': ['error', { max: 400, skipBlankLines: true, skipComments: true }],
      '@eslint-community/eslint-comments/require-description': 'error',
      '@typescript-eslint/explicit-module-boundary-types': 'error',
      '@typescript-eslint/no-floating-promises': 'error',
      '@typescript-eslint/consistent-type-imports': 'error',
      '@typescript-eslint/switch-exhaustiveness-check': ['error', { considerDefaultExhaustiveForUnions: true }],
      '@typescript-eslint/no-unused-vars': ['error', { argsIgnorePattern: '^_', varsIgnorePattern: '^_' }],
      '@typescript-eslint/restrict-template-expressions': ['error', { allowNumber: true, allowBoolean: true }],
      'own/keep-caught-error': 'error',
      eqeqeq: 'error',
    },
  },
  {
    // Tables of data are as long as the data is.
    files: ['src/api/**', 'src/core/istio/**', '**/*.test.ts', '**/*.generated.ts'],
    rules: { 'max-lines': 'off' },
  },
  {
    // A row of a table test has as many columns as the rule has inputs.
    files: ['**/*.test.ts'],
    rules: { 'max-params': 'off' },
  },
  {
    files: ['src/api/**', 'src/core/**'],
    ignores: ['**/*.test.ts'],
    rules: {
      'no-restricted-imports': ['error', { patterns: IO_MODULES }],
      // The rule above does not see import().
      'no-restricted-syntax': ['error', IMPURE_IMPORT],
      'no-restricted-globals': [
        'error',
        { name: 'process', message: 'The core knows no environment.' },
        { name: 'fetch', message: 'The core knows no network.' },
        { name: 'setTimeout', message: 'The core knows no clock.' },
        { name: 'setInterval', message: 'The core knows no clock.' },
      ],
      'no-restricted-properties': [
        'error',
        { object: 'Date', property: 'now', message: 'Time is an argument.' },
        { object: 'Math', property: 'random', message: 'Randomness is an argument.' },
        ...TOO_YOUNG,
      ],
    },
  },
  {
    files: ['src/cli/**'],
    ignores: ['src/cli/shell/io.ts', '**/*.test.ts'],
    rules: {
      'no-restricted-properties': [
        'error',
        { object: 'process', property: 'env', message: 'A command is given its environment: io.env.' },
        ...TOO_YOUNG,
      ],
    },
  },
  {
    files: ['src/**'],
    ignores: ['src/api/**', 'src/core/**', 'src/cli/**', '**/*.test.ts'],
    rules: { 'no-restricted-properties': ['error', ...TOO_YOUNG] },
  },
  {
    files: ['src/**'],
    ignores: ['src/api/**', 'src/core/**', '**/*.test.ts', '**/*.generated.ts'],
    rules: { 'no-restricted-syntax': ['error', WHOLE_ZOD, ...SPELLED_NAMES, ...NAMED_MINORS] },
  },
  {
    files: ['src/api/**', 'src/core/**'],
    ignores: [...TABLES_OF_NAMES, '**/*.test.ts'],
    rules: { 'no-restricted-syntax': ['error', IMPURE_IMPORT, WHOLE_ZOD, ...SPELLED_NAMES, ...NAMED_MINORS] },
  },
);
