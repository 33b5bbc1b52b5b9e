/** A block that shows a sample: what stands before it, with the sample's path, and what ends it. */
const SHOWN = /(^<!-- sample: (\S+) -->\n(?:\n|<!--.*-->\n)*```yaml\n)[^]*?(^```$)/gm;

/** The guide with each sample as its file is now: it is written once. */
export function fillSamples(markdown: string, read: (path: string) => string): string {
  return markdown.replaceAll(SHOWN, (_block, before: string, path: string, end: string) => before + read(path) + end);
}
