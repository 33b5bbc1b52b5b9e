import { parseArgs } from 'node:util';

const USAGE = `usage: npm run demo -- [--mesh] [--once]

  --mesh  the true mesh: nodes that run containers, Istio's own istiod and proxies, requests between them; needs Linux
          and root, and half an hour for the first build
  --once  ends with exit code 0 when all was shown, and with 1 and the reason when it did not come about`;

/** What the demo is asked for. */
export interface DemoOptions {
  readonly mesh: boolean;
  readonly once: boolean;
}

/** A command line that cannot be run. */
export class DemoUsageError extends Error {
  override readonly name = 'DemoUsageError';
}

/**
 * Reads the arguments; undefined when they only ask for help.
 *
 * @throws DemoUsageError that says how to ask.
 */
export function readOptions(args: readonly string[], env: NodeJS.ProcessEnv = {}): DemoOptions | undefined {
  const { mesh = false, once = false, help = false } = parse(args);
  if (help) return undefined;
  refuseSwallowed({ mesh, once }, env);
  if (mesh && env['KUBECONFIG']) {
    throw new DemoUsageError(
      `--mesh starts nodes of its own, and KUBECONFIG names another cluster (${env['KUBECONFIG']}): unset it, ` +
        'or leave out --mesh to see the operator at work there',
    );
  }
  return { mesh, once };
}

/** npm takes what comes before `--` for its own. */
function refuseSwallowed(given: DemoOptions, env: NodeJS.ProcessEnv): void {
  const names = (['mesh', 'once'] as const).filter((name) => given[name] || env[`npm_config_${name}`] !== undefined);
  if (names.every((name) => given[name])) return;
  const words = names.map((name) => `--${name}`).join(' ');
  throw new DemoUsageError(`npm took an option for its own: write npm run demo -- ${words}`);
}

/** How to ask. */
export function demoUsage(): string {
  return USAGE;
}

function parse(args: readonly string[]): { mesh?: boolean; once?: boolean; help?: boolean } {
  const flag = { type: 'boolean' } as const;
  try {
    return parseArgs({ args: [...args], options: { mesh: flag, once: flag, help: { ...flag, short: 'h' } } }).values;
  } catch (error) {
    const what = error instanceof Error ? error.message : String(error);
    throw new DemoUsageError(`${what}\n${USAGE}`, { cause: error });
  }
}
