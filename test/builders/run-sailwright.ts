import { SAILWRIGHT } from '../../src/cli/commands.ts';
import { runCommandLine } from '../../src/cli/shell/run-command-line.ts';

/** How a command ended, and what it wrote. */
export interface Ended {
  code: number;
  out: string;
  err: string;
}

/** Runs a command line in this process. */
export async function runSailwright(args: readonly string[], env: Record<string, string> = {}): Promise<Ended> {
  let [out, err] = ['', ''];
  const io = {
    out: (text: string) => void (out += text),
    err: (text: string) => void (err += text),
    env,
    isTerminal: false,
    columns: 100,
  };
  const code = await runCommandLine(SAILWRIGHT, args, io);
  return { code, out, err };
}
