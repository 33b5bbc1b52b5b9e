import { spawn } from 'node:child_process';

/** Runs kubectl against one cluster and returns what it printed; rejects with its error text. */
export type Kubectl = (args: readonly string[], input?: string) => Promise<string>;

/** Binds a kubectl binary to a kubeconfig. */
export function createKubectl(binary: string, kubeconfig: string): Kubectl {
  return (args, input) =>
    new Promise((resolve, reject) => {
      const child = spawn(binary, [...args], { env: { ...process.env, KUBECONFIG: kubeconfig } });
      let stdout = '';
      let stderr = '';
      child.stdout.setEncoding('utf8').on('data', (text: string) => (stdout += text));
      child.stderr.setEncoding('utf8').on('data', (text: string) => (stderr += text));
      child.once('error', (error) =>
        reject(
          new Error(
            `cannot run ${binary} (${error.message}): install kubectl, or unset KUBECONFIG to use the embedded cluster`,
          ),
        ),
      );
      child.once('close', (code) => {
        if (code === 0) resolve(stdout);
        else reject(new Error(`kubectl ${args.join(' ')}: ${stderr.trim() || `exit code ${code ?? '?'}`}`));
      });
      child.stdin.on('error', () => undefined);
      child.stdin.end(input ?? '');
    });
}
