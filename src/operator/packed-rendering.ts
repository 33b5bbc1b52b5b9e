import type { Result } from '../core/problem.ts';
import type { Rendered, RenderedComponent } from '../core/render/index.ts';
import { nextSlice } from '../runtime/slices.ts';

/** A rendering on its way to another thread: each component as JSON. */
export type PackedRendering = Result<Omit<Rendered, 'components'> & { components: readonly Uint8Array[] }>;

export function packRendering(result: Result<Rendered>): PackedRendering {
  if (!result.ok) return result;
  const components = result.value.components.map((component) => Buffer.from(JSON.stringify(component), 'utf8'));
  return { ...result, value: { ...result.value, components } };
}

/** Takes in one component in a turn of the event loop: a rendering of a hundred gateways must not hold up injection. */
export async function unpackRendering(packed: PackedRendering): Promise<Result<Rendered>> {
  if (!packed.ok) return packed;
  const components: RenderedComponent[] = [];
  for (const { buffer, byteOffset, byteLength } of packed.value.components) {
    await nextSlice();
    const text = Buffer.from(buffer, byteOffset, byteLength).toString('utf8');
    components.push(JSON.parse(text) as RenderedComponent);
  }
  return { ...packed, value: { ...packed.value, components } };
}
