// What a guide says that a command prints, against what it does print.

/** What differs each time: names of pods, ages and durations, addresses. */
const VOLATILE = [
  /-[a-z0-9]{8,10}-[a-z0-9]{5}\b/g,
  /\b\d+(\.\d+)?(ms|s|m|h|d)(\d+(s|m|h))?\b/g,
  /\b\d{1,3}(\.\d{1,3}){3}\b/g,
];

/** Whether it is what the guide says, `...` standing for anything. Spaces and ends of lines do not count. */
export function isAsSaid(said: string, printed: string): boolean {
  const parts = normalize(said)
    .split(/(?<=^|\s)\.\.\.(?=\s|$)/)
    .map((part) => part.trim());
  return new RegExp(`^${parts.map(escape).join('.*')}$`, 's').test(normalize(printed));
}

function normalize(text: string): string {
  return VOLATILE.reduce((rest, pattern) => rest.replaceAll(pattern, '#'), text)
    .replaceAll(/\s+/g, ' ')
    .trim();
}

function escape(text: string): string {
  return text.replaceAll(/[.*+?^${}()|[\]\\]/g, String.raw`\$&`);
}
