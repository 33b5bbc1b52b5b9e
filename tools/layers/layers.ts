/**
 * The rooms of the house, lowest first. A file may import from its own room and from rooms of rows below; rooms of one
 * row do not know each other. `core` are the files that lie in src/core itself.
 */
export const LAYERS: readonly (readonly string[])[] = [
  ['api'],
  ['core', 'telemetry', 'version', 'fluent'],
  ['core/istio'],
  ['core/values', 'core/go-template', 'core/powers'],
  ['core/overlay', 'core/validate', 'core/steps'],
  ['core/inject'],
  ['core/render'],
  ['core/plan', 'core/judge'],
  ['core/authorize', 'core/status'],
  ['core/diff', 'core/analyze', 'core/precheck', 'core/staged'],
  ['core/hand-over', 'core/mesh'],
  ['core/mtls', 'core/proxies'],
  ['core/report', 'core/proxy-rollout', 'core/traffic-shift'],
  ['core/describe', 'core/mtls-migration'],
  ['runtime', 'page'],
  ['kube', 'library', 'prometheus'],
  ['webhooks'],
  ['controllers'],
  ['dashboard'],
  ['operator'],
  ['cli'],
  ['main'],
  ['start'],
];

/** The room of a file, by its path below src, such as `core/inject/decide.ts`. */
export function roomOf(path: string): string {
  const [first = '', second, third] = path.split('/');
  if (second === undefined) return first.replace(/\.ts$/, '');
  return first === 'core' && third !== undefined ? `core/${second}` : first;
}
