import { mkdir, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';

/** Texts of files below /etc, by their path there. */
export type EtcFiles = Readonly<Record<string, string>>;

/** Writes what the machine in whose data it is sees below /etc. */
export async function writeEtc(data: string, files: EtcFiles): Promise<void> {
  for (const [name, text] of Object.entries(files)) {
    const path = join(data, 'etc', 'upper', name);
    await mkdir(dirname(path), { recursive: true });
    await writeFile(path, text);
  }
}
