/** Maps and lists of Kubernetes whose values are text, wherever they stand. */
const TEXT_MAPS = new Set(['annotations', 'labels', 'matchLabels', 'nodeSelector', 'data', 'stringData']);
const TEXT_LISTS = new Set(['args', 'command']);

/**
 * Whether a path, split into its elements, leads to a field that holds text only: an annotation, a key of a ConfigMap,
 * an argument, the value of an environment variable.
 */
export function isTextField(path: readonly string[]): boolean {
  const [list = '', parent = '', last] = path.slice(-3);
  if (path.length < 2) return false;
  const around = path.length === 2 ? list : parent;
  if (TEXT_MAPS.has(around) || TEXT_LISTS.has(around)) return true;
  return list === 'env' && last === 'value';
}
