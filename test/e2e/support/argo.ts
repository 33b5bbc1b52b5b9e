// Argo CD's own engine beside the cluster: it watches, compares and applies as an Application with its defaults does.
import { spawn, type ChildProcessWithoutNullStreams } from 'node:child_process';
import { createWriteStream } from 'node:fs';
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import type { KubeObject } from '../../../src/core/kube-object.ts';
import { ensureArgo } from '../../../testbed/argo-program.ts';
import { waitFor } from '../../../testbed/wait.ts';
import { makeAdminAccount } from './admin-account.ts';
import type { Environment } from './environment.ts';
import { APPLICATION, differing, trackByArgo, type GitOpsTool, type Look } from './gitops-tools.ts';

const NAMESPACE = 'argocd';
const ACCOUNT = 'argocd-application-controller';
const INSTALL_MS = 60_000;

/** Holds objects of one Application. */
export class Argo implements GitOpsTool {
  readonly name = 'Argo CD';
  readonly account = `${NAMESPACE}:${ACCOUNT}`;
  readonly objects: readonly KubeObject[];
  readonly #process: ChildProcessWithoutNullStreams;
  readonly #answers: AsyncIterator<string>;
  readonly #logFile: string;

  private constructor(objects: readonly KubeObject[], process: ChildProcessWithoutNullStreams, logFile: string) {
    this.objects = objects;
    this.#process = process;
    this.#answers = createInterface({ input: process.stdout })[Symbol.asyncIterator]();
    this.#logFile = logFile;
  }

  /** Starts it with rights to all, as Argo CD has them. */
  static async start({ kubectl, folder }: Environment, objects: readonly KubeObject[]): Promise<Argo> {
    const program = await ensureArgo((line) => process.stderr.write(`  ${line}\n`));
    const home = join(folder, 'argo');
    const [kubeconfig, manifests, logFile] = [join(home, 'kubeconfig'), join(home, 'objects.yaml'), `${home}.log`];
    await mkdir(home);
    await makeAdminAccount(kubectl, { namespace: NAMESPACE, name: ACCOUNT, path: kubeconfig });
    await writeFile(
      manifests,
      trackByArgo(objects)
        .map((object) => JSON.stringify(object))
        .join('\n---\n'),
    );
    const child = spawn(program, [APPLICATION, manifests], {
      // It ends when its input does, and that ends with us.
      stdio: 'pipe',
      env: { HOME: home, KUBECONFIG: kubeconfig },
    });
    child.stderr.pipe(createWriteStream(logFile));
    return new Argo(objects, child, logFile);
  }

  async install(): Promise<void> {
    await waitFor('Argo CD to have applied all', async () => (await this.look()).differences.length === 0, {
      timeoutMs: INSTALL_MS,
    });
  }

  async look(): Promise<Look> {
    const { compared, outOfSync, applied, error } = await this.#ask();
    const differences = outOfSync.flatMap(({ name, live, desired }) => differing(live, desired, name));
    differences.push(...applied.filter((message) => !message.endsWith(' unchanged')));
    if (error !== undefined) differences.push(error);
    return { compared, differences };
  }

  /** Without the health checks of config/argocd, which another test runs, it judges no IstioOperator. */
  findUnhealthy(): Promise<string[]> {
    return Promise.resolve([]);
  }

  async stop(): Promise<void> {
    const ended = new Promise((resolve) => this.#process.once('close', resolve));
    this.#process.stdin.end();
    await ended;
  }

  async #ask(): Promise<Answer> {
    this.#process.stdin.write('\n');
    const line = await this.#answers.next();
    if (line.done) throw new Error(`Argo CD's engine ended: see ${this.#logFile}`);
    return JSON.parse(line.value) as Answer;
  }
}

/** As testbed/argo writes it. */
interface Answer {
  compared: number;
  outOfSync: { name: string; live: unknown; desired: unknown }[];
  applied: string[];
  error?: string;
}
