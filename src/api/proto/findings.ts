import { NOTHING_LATER, type LaterFields } from '../later-fields.ts';

/** One finding while decoding; the steps of its path stand innermost first. */
export interface Finding {
  steps: (string | number)[];
  message: string;
  hint?: string;
  /** The names of the message that has no such field; such a finding is a warning. */
  knownFields?: readonly string[];
  /** The minor of Istio that brought the field, where it is one of a later one. */
  since?: string;
}

/** As many problems, and as many warnings, as anybody reads; a hostile document could have millions. */
const MOST = 500;

/** What was found so far. The path of a finding is told from the inside out, so that a good document costs nothing. */
export class Findings {
  readonly list: Finding[] = [];
  /** What the minor that is decoded for does not know yet. */
  readonly later: LaterFields;
  #problems = 0;
  #warnings = 0;

  constructor(later: LaterFields = NOTHING_LATER) {
    this.later = later;
  }

  get length(): number {
    return this.list.length;
  }

  addProblem(problem: { message: string; hint?: string }): void {
    this.#problems += 1;
    if (this.#problems <= MOST) this.list.push({ steps: [], ...problem });
  }

  addUnknownField(name: string, knownFields: readonly string[], since?: string): void {
    this.#warnings += 1;
    if (this.#warnings > MOST) return;
    const finding = { steps: [name], message: 'unknown field: Istio ignores it', knownFields };
    this.list.push(since === undefined ? finding : { ...finding, since });
  }

  /** Puts the step that led to them before all findings from `start` on. */
  addStep(start: number, step: string | number): void {
    for (let i = start; i < this.list.length; i++) this.list[i]?.steps.push(step);
  }
}
