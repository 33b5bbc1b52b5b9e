/** Says in one line what happens now; long steps say so again from time to time. */
export type Progress = (line: string) => void;

/** How far a build is. */
export interface BuildState {
  readonly title: string;
  readonly compiled: number;
  /** Packages that must be compiled; 0 until that is known. */
  readonly total: number;
  readonly seconds: number;
}

const COUNT = new Intl.NumberFormat('en');

/** One line for a build that goes on. */
export function renderBuildState({ title, compiled, total, seconds }: BuildState): string {
  const time = `${Math.round(seconds)} s`;
  if (total === 0) return `building ${title}: looking for what is to be compiled, ${time}`;
  // The last package is the program; putting it together takes a while.
  if (compiled >= total) return `building ${title}: linking, ${time}`;
  return `building ${title}: ${COUNT.format(compiled)} of ${COUNT.format(total)} packages, ${time}`;
}
