import { writeFileSync } from 'node:fs';
import { errorText } from '../../core/error-text.ts';
import { computeReport, type ReportInput } from '../../core/report/compute-report.ts';
import type { MeshReport } from '../../core/report/mesh-report.ts';
import { readCertificate } from '../../runtime/read-certificate.ts';
import { VERSION } from '../../version.ts';
import { loadPageAssets } from '../../dashboard/page-assets.ts';
import { reportDocument } from '../../dashboard/page-document.ts';
import { plural } from '../../core/plural.ts';
import type { Call } from '../shell/command.ts';
import { InputError } from '../shell/input-error.ts';
import { report as tell, type Io } from '../shell/io.ts';
import { UsageError } from '../shell/usage-error.ts';
import { wrapText } from '../shell/wrap-text.ts';
import type { REPORT_OPTIONS } from './options.ts';
import { readFiles } from './read-files.ts';

type Flags = Call<typeof REPORT_OPTIONS>['flags'];

/** `sailwright report`: writes the file; the exit code. */
export async function runReport({ flags }: Call<typeof REPORT_OPTIONS>, io: Io): Promise<number> {
  const write = writerOf(flags.output);
  const { input, problems, notes } = await readMesh(flags);
  tell(io, { problems, notes });
  if (problems.length > 0) return 2;
  const report = computeReport(input);
  const text = write.isPage ? reportDocument(report, loadPageAssets()) : `${JSON.stringify(report, null, 2)}\n`;
  if (write.file === '-') {
    io.out(text);
    return 0;
  }
  writeTo(write.file, text);
  const said = `${write.file}: ${summaryOf(report)}`;
  io.out(`${io.isTerminal ? wrapText(said, io.columns, '  ') : said}\n`);
  return 0;
}

interface Writer {
  file: string;
  isPage: boolean;
}

function writerOf(file: string | undefined): Writer {
  if (file === undefined) throw new UsageError('report needs a file to write: -o report.html, -o report.json or -o -');
  const isPage = /\.html?$/i.test(file);
  if (isPage || file === '-' || /\.json$/i.test(file)) return { file, isPage };
  throw new UsageError(`-o takes a file that ends in .html or .json, or "-", not "${file}"`);
}

function writeTo(file: string, text: string): void {
  try {
    writeFileSync(file, text);
  } catch (error) {
    throw new InputError(`${file}: cannot be written: ${errorText(error)}`);
  }
}

/** What there is to compute a report of, and what could not be read. */
interface ReadMesh {
  input: ReportInput;
  problems: readonly string[];
  notes: readonly string[];
}

async function readMesh(flags: Flags): Promise<ReadMesh> {
  const surroundings = { now: Date.now(), readCertificate };
  if (flags.filename.length > 0) {
    const { mesh, messages, problems, notes } = readFiles(flags, surroundings);
    const source = { kind: 'files', name: flags.filename.join(', '), sailwright: VERSION } as const;
    return { input: { source, surroundings, mesh, messages }, problems, notes };
  }
  // The client of the API server takes long to load, and files need none.
  const { fetchReportInput } = await import('./fetch-report-input.ts');
  return { input: await fetchReportInput(flags, surroundings), problems: [], notes: [] };
}

function summaryOf({ installations, proxies, findings, injection }: MeshReport): string {
  const count = (rows: readonly { pods: number }[]): number => rows.reduce((sum, { pods }) => sum + pods, 0);
  const stale = count(proxies.filter((row) => row.stale));
  return [
    plural(installations.length, 'installation'),
    `${plural(count(proxies), 'proxy', 'proxies')}, ${stale} of another version than a new pod would get`,
    `${plural(findings.errors, 'error')} and ${plural(findings.warnings, 'warning')}`,
    `${plural(count(injection.missed), 'pod')} without their sidecar`,
  ].join('; ');
}
