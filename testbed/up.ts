// `npm run testbed [-- --nodes 3 | --nodes real:2] [--image ARCHIVE ...]`: a cluster until Ctrl-C.
import { parseArgs } from 'node:util';

import { errorText } from '../src/core/error-text.ts';
import { startCluster, type ClusterOptions } from './cluster.ts';
import { parseNodes } from './node-count.ts';

const say = (line: string): void => void process.stderr.write(`${line}\n`);

function readOptions(): ClusterOptions {
  const { values } = parseArgs({
    options: { nodes: { type: 'string', default: '2' }, image: { type: 'string', multiple: true, default: [] } },
  });
  const nodes = parseNodes(values.nodes);
  if (typeof nodes === 'object') return { nodes: { ...nodes, images: values.image }, onProgress: say };
  if (values.image.length > 0) throw new Error('--image: simulated nodes run no images: ask for --nodes real:2');
  return { nodes, onProgress: say };
}

async function run(): Promise<void> {
  const cluster = await startCluster(readOptions());
  process.stdout.write(`${cluster.kubeconfig}\n`);
  say(`logs: ${cluster.logsDir}\ntry:  KUBECONFIG=${cluster.kubeconfig} ${cluster.kubectl} get nodes\nCtrl-C ends it`);

  // Holds the process until a signal comes: the cluster itself does not.
  const hold = setInterval(() => undefined, 60_000);
  await new Promise<void>((resolve) => {
    process.once('SIGINT', resolve);
    process.once('SIGTERM', resolve);
  });
  clearInterval(hold);
  await cluster.stop();
}

try {
  await run();
} catch (error) {
  say(errorText(error));
  process.exitCode = 1;
}
