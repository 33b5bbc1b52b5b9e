import { shorten } from '../field-path.ts';

const TAG = /^[A-Za-z0-9_.-]{0,128}$/;
const REPOSITORY = /^[a-z0-9_./-]{2,255}$/;
const REGISTRY = /^([A-Za-z0-9._-]+|\[[0-9a-fA-F:.]+\])(:\d+)?$/;

/** Why a tag cannot be the tag of an image, or undefined. YAML reads a tag of digits without quotes as a number. */
export function validateImageTag(tag: string | number): string | undefined {
  if (typeof tag === 'number') {
    const size = Math.abs(tag);
    // Charts print such numbers with an exponent, as Go does.
    return size >= 1e6 || (size > 0 && size < 1e-4)
      ? `is a number (${tag}), which loses its digits: quote it`
      : undefined;
  }
  if (TAG.test(tag)) return undefined;
  return `is no image tag: ${shorten(JSON.stringify(tag), 60)}; at most 128 letters, digits, "_", "-" and "." are allowed`;
}

/** Why a hub cannot be the beginning of an image name, or undefined. The empty hub is unset. */
export function validateHub(hub: string): string | undefined {
  if (hub === '') return undefined;
  const slash = hub.indexOf('/');
  const first = slash < 0 ? hub : hub.slice(0, slash);
  const isRegistry = first.includes('.') || first.includes(':') || first === 'localhost';
  const shown = shorten(JSON.stringify(hub), 60);
  if (isRegistry && !REGISTRY.test(first))
    return `names no registry: ${shown}; a host and perhaps a port is expected before the first "/"`;
  const rest = isRegistry ? hub.slice(first.length + 1) : hub;
  // An image name follows the hub, so that a bare registry is fine.
  if (REPOSITORY.test(rest === '' ? 'pilot' : `${rest}/pilot`)) return undefined;
  return `is no image registry and path: ${shown}; lower-case letters, digits, "_", "-", "." and "/" are allowed`;
}
