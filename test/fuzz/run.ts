// npm run fuzz [-- --bodies N --seed S]: sends random bodies to the webhooks as `sailwright run` serves them.
import { parseArgs } from 'node:util';
import { fuzzWebhooks } from './fuzz-webhooks.ts';

const { values } = parseArgs({ options: { bodies: { type: 'string' }, seed: { type: 'string' } } });
const seed = Number(values.seed ?? Date.now() % 2 ** 31);
const report = await fuzzWebhooks({ bodies: Number(values.bodies ?? 100_000), seed });
const { answered, byStatus, slowest, slowestExpression, memory } = report;
const statuses = [...byStatus].map(([status, count]) => `${count} x ${status}`).join(', ');
console.log(`seed ${seed}: ${answered} bodies answered (${statuses}), the slowest after ${slowest.toFixed(0)} ms`);
console.log(`the slowest expression after ${slowestExpression.toFixed(1)} ms`);
console.log(`memory of the server: ${memory.join(', ')} MiB, after each tenth`);
