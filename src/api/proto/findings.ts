import type { Fault } from '../problem.ts';
import { NOTHING_LATER, type LaterFields } from '../later-fields.ts';

/** The name of a message, and those of its fields. */
export interface MessageFields {
  name: string;
  fields: readonly string[];
}

/** How a message is read. */
export interface ReadOptions {
  /** What the minor that is read for does not know yet. */
  later?: LaterFields | undefined;
  /** Of two fields of which one may be set the last one counts, or both are refused. */
  oneOfs?: 'last' | 'refuse';
  /** Empty lists are kept, so that they can override; otherwise, as in Go, they are no list. */
  keepsEmptyLists?: boolean;
}

/** One finding while decoding; the steps of its path stand innermost first. */
export interface Finding extends Fault {
  steps: (string | number)[];
  /** The message that has no such field; such a finding is a warning. */
  unknownIn?: MessageFields;
  /** The minor of Istio that brought the field, where it is one of a later one. */
  since?: string;
}

/** As many problems, and as many warnings, as anybody reads; a hostile document could have millions. */
const MOST = 500;

/** What was found so far. The path of a finding is told from the inside out, so that a good document costs nothing. */
export class Findings {
  readonly list: Finding[] = [];
  readonly later: LaterFields;
  readonly refusesTwo: boolean;
  readonly keepsEmptyLists: boolean;
  #problems = 0;
  #warnings = 0;

  constructor({ later = NOTHING_LATER, oneOfs = 'last', keepsEmptyLists = false }: ReadOptions = {}) {
    this.later = later;
    this.refusesTwo = oneOfs === 'refuse';
    this.keepsEmptyLists = keepsEmptyLists;
  }

  get length(): number {
    return this.list.length;
  }

  addProblem(problem: Fault): void {
    this.#problems += 1;
    if (this.#problems <= MOST) this.list.push({ steps: [], ...problem });
  }

  addUnknownField(name: string, unknownIn: MessageFields, since?: string): void {
    this.#warnings += 1;
    if (this.#warnings > MOST) return;
    const code = since === undefined ? 'UnknownField' : 'FieldTooNew';
    const finding: Finding = { steps: [name], code, message: 'unknown field: Istio ignores it', unknownIn };
    this.list.push(since === undefined ? finding : { ...finding, since });
  }

  /** Puts the step that led to them before all findings from `start` on. */
  addStep(start: number, step: string | number): void {
    for (let i = start; i < this.list.length; i++) this.list[i]?.steps.push(step);
  }
}
