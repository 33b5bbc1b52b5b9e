import type { Forwarder } from '../../../testbed/forwarder.ts';
import type { OperatorLaunch, OperatorProcess } from '../../../testbed/operator-process.ts';
import { waitFor } from '../../../testbed/wait.ts';
import type { Environment } from './environment.ts';

/** Starts an operator, and once it is ready lets the forwarder lead the API server's calls to it alone. */
export async function startReachedOperator(
  environment: Environment,
  forwarder: Forwarder,
  { name, ...more }: Pick<OperatorLaunch, 'name' | 'flags'>,
): Promise<OperatorProcess> {
  const operator = await environment.startOperator(name, {
    webhookUrl: `https://127.0.0.1:${forwarder.port}`,
    ...more,
  });
  await waitFor(`${name} to be ready`, async () => (await operator.fetchHealth('/readyz')) === 200);
  forwarder.use([operator.webhookPort]);
  return operator;
}
