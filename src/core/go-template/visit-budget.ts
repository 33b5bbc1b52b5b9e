import { TemplateError } from './template-error.ts';

const MAX_NODES = 200_000;
const MAX_DEPTH = 500;

/** Bounds a walk over values, which may share parts many times over or contain themselves. */
export class VisitBudget {
  private nodes = MAX_NODES;
  private depth = 0;

  /** Runs a visit one level deeper. @throws TemplateError when the value is too large */
  visit<T>(work: () => T): T {
    this.nodes -= 1;
    this.depth += 1;
    if (this.nodes < 0 || this.depth > MAX_DEPTH) {
      throw new TemplateError('a value is too large or contains itself');
    }
    const result = work();
    this.depth -= 1;
    return result;
  }
}
