// `npm run demo [-- --mesh] [-- --once]`: the operator at work on a real API server, in front of your eyes.
import { errorText } from '../../src/core/error-text.ts';
import { pause, untilAborted } from '../wait.ts';
import { demoUsage, DemoUsageError, readOptions, type DemoOptions } from './options.ts';
import { Screen } from './screen.ts';
import type { Stage } from './stage.ts';

/** How long whatever is still under way when the viewer ends the demo has to tidy up after itself. */
const GRACE_MS = 15_000;

const screen = new Screen(process.stdout, process.env);

async function run({ mesh, once }: DemoOptions): Promise<number> {
  const stop = new AbortController();
  for (const name of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(name, () => stop.abort(new Error('stopped')));
  const undo: (() => unknown)[] = [];
  let logFolder = '';
  const stage: Stage = {
    screen,
    signal: stop.signal,
    isOnce: once,
    progress: (line) => void (stop.signal.aborted || screen.progress(line)),
    defer: (step) => void undo.push(step),
    tellLogs: (folder) => void (logFolder = folder),
  };
  const tidyUp = async (): Promise<void> => {
    for (const step of undo.splice(0).reverse()) {
      await Promise.resolve(step()).catch((error: unknown) => screen.say(`while ending: ${errorText(error)}`));
    }
  };
  const play = mesh
    ? (await import('./mesh-demo.ts')).runMeshDemo
    : (await import('./simulated-demo.ts')).runSimulatedDemo;
  const played = play(stage).then(
    () => 0,
    (error: unknown) => {
      if (stop.signal.aborted) return 0;
      screen.keep();
      screen.say(`\nThe demo failed: ${errorText(error)}`);
      if (logFolder !== '') screen.say(`Logs: ${logFolder}`);
      return 1;
    },
  );
  const exitCode = await Promise.race([played, untilAborted(stop.signal).then(() => 0)]);
  screen.keep();
  if (stop.signal.aborted) screen.say('\nending everything');
  await tidyUp();
  // What was under way when the viewer ended it ends by the signal, too, and may have started something by then.
  await Promise.race([played, pause(GRACE_MS)]);
  await tidyUp();
  return exitCode;
}

async function main(): Promise<number> {
  try {
    const options = readOptions(process.argv.slice(2), process.env);
    if (options !== undefined) return await run(options);
    screen.say(demoUsage());
    return 0;
  } catch (error) {
    if (!(error instanceof DemoUsageError)) throw error;
    console.error(error.message);
    return 2;
  }
}

// Holds the process: the cluster's and the operator's handles do not.
setInterval(() => undefined, 60_000);
// Open watches of the fluent client would hold the process for minutes.
process.exit(await main());
