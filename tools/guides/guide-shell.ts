// Runs the steps of a guide, each in a shell of its own, in a folder where what the guide names is at hand.
import { spawn } from 'node:child_process';
import { chmod, mkdir, mkdtemp, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { isAsSaid } from './compare-output.ts';
import type { Action, Expected, Guide, Step } from './read-guide.ts';

const ROOT = join(import.meta.dirname, '../..');
/** What guides name by paths below the root of a clone. */
const AT_HAND = ['config', 'crds', 'samples', 'dist'];
/** Longer than anything that a guide waits for. */
const STEP_TIMEOUT_MS = 180_000;

/** Settings and webhooks arrive when they do: tries a command until it succeeds. */
const EVENTUALLY = `eventually() {
  for try in $(seq 100); do "$@" >/dev/null 2>&1 && return; sleep 0.3; done
  "$@"
}
`;

/** What a guide is run with. */
export interface GuideTools {
  readonly kubeconfig: string;
  /** Path of kubectl. */
  readonly kubectl: string;
  /** Runs in the same shell after each step with such a script, if readers see it. */
  readonly after?: { readonly what: RegExp; readonly script: string };
}

/** What a step printed, and how it ended. */
interface Printed {
  readonly text: string;
  readonly code: number;
}

/** Runs all steps, going on after one that fails; returns what was not as the guide says, each with its line. */
export async function runGuide(guide: Guide, tools: GuideTools): Promise<string[]> {
  const shell = await GuideShell.open(tools);
  try {
    const failures: string[] = [];
    for (const step of guide.steps) {
      const failure = await shell.run(step);
      if (failure !== undefined) failures.push(`${guide.path}:${step.line}: ${failure}`);
    }
    return failures;
  } finally {
    await shell.close();
  }
}

class GuideShell {
  readonly #folder: string;
  readonly #tools: GuideTools;
  #last: Printed = { text: '', code: 0 };

  private constructor(folder: string, tools: GuideTools) {
    this.#folder = folder;
    this.#tools = tools;
  }

  static async open(tools: GuideTools): Promise<GuideShell> {
    const folder = await mkdtemp(join(tmpdir(), 'sailwright-guide-'));
    for (const name of AT_HAND) await symlink(join(ROOT, name), join(folder, name));
    const bin = join(folder, '.bin');
    await mkdir(bin);
    const programs = {
      kubectl: `exec '${tools.kubectl}' "$@"`,
      // What kustomize builds, kubectl builds.
      kustomize: `[ "$1" = build ] && shift && exec '${tools.kubectl}' kustomize "$@"`,
      sailwright: `exec '${process.execPath}' '${join(ROOT, 'dist/sailwright.js')}' "$@"`,
    };
    for (const [name, line] of Object.entries(programs)) {
      await writeFile(join(bin, name), `#!/bin/sh\n${line}\n`);
      await chmod(join(bin, name), 0o755);
    }
    return new GuideShell(folder, tools);
  }

  close(): Promise<void> {
    return rm(this.#folder, { recursive: true, force: true });
  }

  /** Undefined when all is as the guide says. */
  async run({ action, hidden }: Step): Promise<string | undefined> {
    switch (action.kind) {
      case 'none':
        return undefined;
      case 'save':
        await writeFile(join(this.#folder, action.name), action.text);
        return undefined;
      case 'output':
        return judgeOutput(action.text, this.#last.text);
      case 'session':
        return this.#follow(action.entries);
      case 'shell':
        return this.#expect(action, action.script, hidden);
      case 'hand':
        return this.#hand(action);
    }
  }

  async #follow(entries: Extract<Action, { kind: 'session' }>['entries']): Promise<string | undefined> {
    for (const { command, output } of entries) {
      const printed = await this.#sh(command);
      if (output === '' && printed.code !== 0) return `$ ${command}: exit code ${printed.code}\n${printed.text}`;
      const failure = output === '' ? undefined : judgeOutput(output, printed.text);
      if (failure !== undefined) return `$ ${command}: ${failure}`;
    }
    return undefined;
  }

  /** Lets a command have YAML, which is taken without warnings unless one is expected. */
  async #hand(action: Extract<Action, { kind: 'hand' }>): Promise<string | undefined> {
    await writeFile(join(this.#folder, '.block'), action.text);
    const failure = await this.#expect(action, action.command, false);
    if (failure !== undefined || action.refusal !== undefined) return failure;
    const { text } = this.#last;
    if (action.warning !== undefined) {
      return text.includes('Warning:') && text.includes(action.warning)
        ? undefined
        : `it is taken without the warning:\n${text}`;
    }
    return text.includes('Warning:') ? `it is taken with warnings:\n${text}` : undefined;
  }

  async #expect({ refusal }: Expected, script: string, hidden: boolean): Promise<string | undefined> {
    const { after } = this.#tools;
    const printed = await this.#sh(!hidden && after?.what.test(script) ? `${script}\n${after.script}` : script);
    if (refusal === undefined) return printed.code === 0 ? undefined : `exit code ${printed.code}\n${printed.text}`;
    if (printed.code === 0) return `it is not refused:\n${printed.text}`;
    return printed.text.includes(refusal) ? undefined : `it does not say "${refusal}":\n${printed.text}`;
  }

  async #sh(script: string): Promise<Printed> {
    const child = spawn('bash', ['-euo', 'pipefail', '-c', `exec 2>&1\n${EVENTUALLY}${script}`], {
      cwd: this.#folder,
      env: {
        PATH: `${join(this.#folder, '.bin')}:${process.env['PATH'] ?? ''}`,
        HOME: this.#folder,
        KUBECONFIG: this.#tools.kubeconfig,
        BLOCK: '.block',
      },
      stdio: ['ignore', 'pipe', 'inherit'],
      timeout: STEP_TIMEOUT_MS,
    });
    let text = '';
    child.stdout.setEncoding('utf8').on('data', (more: string) => (text += more));
    const code = await new Promise<number>((resolve) => child.once('close', (status) => resolve(status ?? 1)));
    this.#last = { text, code };
    return this.#last;
  }
}

function judgeOutput(said: string, printed: string): string | undefined {
  return isAsSaid(said, printed) ? undefined : `it prints something else:\n${printed}`;
}
