import type { Progress } from '../build-progress.ts';
import type { Line } from './line.ts';
import type { Screen } from './screen.ts';

/** What each form of the demo plays on. */
export interface Stage {
  readonly screen: Screen;
  /** Aborted when the viewer has seen enough. */
  readonly signal: AbortSignal;
  /** Whether it ends when all was shown. */
  readonly isOnce: boolean;
  /** Says what happens now, until the viewer has seen enough. */
  readonly progress: Progress;
  /** Has something undone at the end, whatever way the demo ends; the last first. */
  defer(step: () => unknown): void;
  /** Says where logs are, for who looks for the reason of a failure. */
  tellLogs(folder: string): void;
}

/** How one thing is shown in both ways. */
export interface Picture<View> {
  readonly table: (view: View, width: number) => Line[];
  /** What is new since the view before. */
  readonly changes: (before: View | undefined, view: View) => string[];
}

/** Shows views as they come: redrawn in place on a terminal, elsewhere a line for each change. */
export function createPainter<View>(screen: Screen, { table, changes }: Picture<View>): (view: View) => void {
  let before: View | undefined;
  return (view) => {
    if (screen.isTerminal) screen.draw(table(view, screen.width));
    else changes(before, view).forEach((line) => screen.say(line));
    before = view;
  };
}
