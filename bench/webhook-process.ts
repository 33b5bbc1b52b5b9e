// The process whose speed and memory are measured. As in the operator, the limits stand before anything is loaded.
import { limitMemory } from '../src/runtime/limit-memory.ts';

limitMemory();
const { serveWebhooks } = await import('./webhook-server.ts');
await serveWebhooks();
