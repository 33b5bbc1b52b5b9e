import { errorText } from '../src/core/error-text.ts';
import { startCluster } from './cluster.ts';

const cluster = await startCluster({ onProgress: (line) => process.stderr.write(`${line}\n`) });
process.stdout.write(`${cluster.kubeconfig}\n`);
process.stderr.write(
  `logs: ${cluster.logsDir}\ntry:  KUBECONFIG=${cluster.kubeconfig} ${cluster.kubectl} get nodes\nCtrl-C ends it\n`,
);

// Holds the process until a signal comes: the cluster itself does not.
const hold = setInterval(() => undefined, 60_000);
const end = (): void => {
  clearInterval(hold);
  cluster.stop().then(
    () => process.exit(0),
    (error: unknown) => {
      process.stderr.write(`${errorText(error)}\n`);
      process.exit(1);
    },
  );
};
process.once('SIGINT', end);
process.once('SIGTERM', end);
