import type { Result } from '../problem.ts';
import type { OperatorInput } from './composition/operator-tree.ts';
import type { Rendered, RenderOptions } from './index.ts';
import { renderUntried } from './render-untried.ts';
import { tryInjection } from './try-injection.ts';

/**
 * Renders the objects that IstioOperator documents ask for. All problems are listed; with any, nothing is rendered
 * unless `force` is set, which turns what validation finds into warnings.
 */
export function render(input: OperatorInput, options: RenderOptions): Result<Rendered> {
  return tryInjection(renderUntried(input, options), options);
}
