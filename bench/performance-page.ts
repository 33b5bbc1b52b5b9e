import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { format, resolveConfig } from 'prettier';
import type { CommandComparison } from './processes.ts';
import type { Comparison } from './side-by-side.ts';
import { commandRatiosTable, markdownTable, ratiosTable } from './tables.ts';

const PAGE = join(import.meta.dirname, '../docs/reference/performance.md');
const BEGIN = '<!-- Written by npm run bench -- --peers --write-docs -->';
const END = '<!-- End of what is written -->';

/** Writes the ratios of a run into the page, between its marks. */
export async function writePerformancePage(
  comparisons: readonly Comparison[],
  commands: readonly CommandComparison[],
): Promise<void> {
  const page = readFileSync(PAGE, 'utf8');
  const [before, rest] = page.split(BEGIN);
  const after = rest?.split(END)[1];
  if (before === undefined || after === undefined) throw new Error(`${PAGE} has not the marks ${BEGIN} and ${END}`);
  const written = [
    BEGIN,
    '### To istiod',
    markdownTable(ratiosTable(comparisons, 'istiod')),
    '### To a bare server',
    markdownTable(ratiosTable(comparisons, 'bare')),
    '### Commands',
    markdownTable(commandRatiosTable(commands)),
    END,
  ].join('\n\n');
  const options = { ...(await resolveConfig(PAGE)), filepath: PAGE };
  writeFileSync(PAGE, await format(before + written + after, options));
}
