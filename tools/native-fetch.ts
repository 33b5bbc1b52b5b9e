// What @kubernetes/client-node takes from node-fetch, as Node has it by itself: loaded only when somebody calls it.
/** A request by Node's own `fetch`. */
export default function fetchNatively(...request: Parameters<typeof fetch>): Promise<Response> {
  return fetch(...request);
}

/** `new Headers(...)` gives Node's own. */
export function Headers(...from: ConstructorParameters<typeof globalThis.Headers>): globalThis.Headers {
  return new globalThis.Headers(...from);
}
