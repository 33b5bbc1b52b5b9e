import { isConditionTrue } from '../istio-operator-condition.ts';
import { untilAborted } from '../wait.ts';
import { renderInstallation, renderInstallationChanges } from './installation-table.ts';
import { InstallationWatch, type FollowedResource } from './installation-watch.ts';
import { createPainter, type Stage } from './stage.ts';

const READY_TIMEOUT_MS = 180_000;
const REDRAW_MS = 250;

/**
 * Shows the installation until it is ready, and returns after how many seconds that was.
 *
 * @throws when time is up, and what `failed` rejects with, as when the operator ends.
 */
export async function showInstallation(
  { screen, signal }: Stage,
  resource: FollowedResource,
  failed: Promise<never> = new Promise(() => undefined),
): Promise<number> {
  const paint = createPainter(screen, { table: renderInstallation, changes: renderInstallationChanges });
  let settle: () => void = () => undefined;
  const ready = new Promise<void>((resolve) => (settle = resolve));
  const watch = new InstallationWatch(resource, (view) => {
    paint(view);
    if (isConditionTrue(watch.resource, 'Ready')) settle();
  });
  const ticker = screen.isTerminal ? setInterval(() => paint(watch.view()), REDRAW_MS) : undefined;
  let timer: NodeJS.Timeout | undefined;
  const tooLate = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new Error(tellLate(watch))), READY_TIMEOUT_MS);
  });
  const stopped = untilAborted(signal).then(() => signal.throwIfAborted());
  const outcome = Promise.race([ready, tooLate, failed, stopped]);
  // It may reject while the watches still start; it is awaited right after.
  outcome.catch(() => undefined);
  try {
    await watch.start();
    await outcome;
    return watch.view().seconds;
  } finally {
    clearInterval(ticker);
    clearTimeout(timer);
    watch.close();
    screen.keep();
  }
}

function tellLate(watch: InstallationWatch): string {
  const { reason, message } = watch.view().ready;
  const why = [reason, message].filter((text) => text !== '').join(': ');
  return `not Ready after ${READY_TIMEOUT_MS / 1000} s${why === '' ? '' : `: ${why}`}`;
}
