import { firstTruthy, isTruthy, printed, valueAt } from '../values/value-tree.ts';
import type { Values } from '../values/value-tree.ts';
import type { Json } from '../kube-object.ts';

/** Where a component's own image settings stand; each falls back to `global.*`. */
export interface ImageSettings {
  /** A name, or a whole reference when it holds a slash. */
  image: Json | undefined;
  hub?: Json | undefined;
  tag?: Json | undefined;
  variant?: Json | undefined;
}

/** `hub/name:tag[-variant]`, or the image itself when it already is a reference. */
export function imageReference(values: Values, settings: ImageSettings): string {
  const name = printed(settings.image);
  if (name.includes('/')) return name;
  const hub = printed(firstTruthy(settings.hub, valueAt(values, 'global.hub')));
  const tag = printed(firstTruthy(settings.tag, valueAt(values, 'global.tag')));
  const variant = firstTruthy(settings.variant, valueAt(values, 'global.variant'));
  return `${hub}/${name}:${tag}${isTruthy(variant) ? `-${printed(variant)}` : ''}`;
}
