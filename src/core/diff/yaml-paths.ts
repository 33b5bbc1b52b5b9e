interface Level {
  indent: number;
  label: string;
  /** Of an item: its place in the list. */
  item?: number;
}

const KEY = /^("(?:[^"\\]|\\.)*"|[^\s:"'#-][^\s:]*):(?=\s|$)/;

/**
 * For each line of a YAML text as the manifest writer prints it, the path of what the line lies in, such as
 * `spec.template.spec.containers[discovery].env`. Text blocks that hold YAML are followed too.
 */
export function computeYamlPaths(lines: readonly string[]): string[] {
  const levels: Level[] = [];
  return lines.map((line, index) => {
    let indent = line.length - line.trimStart().length;
    let rest = line.slice(indent);
    while (rest.startsWith('- ')) {
      const item = popToList(levels, indent) + 1;
      levels.push({ indent, label: `[${nameOfItem(lines, index, indent) ?? item}]`, item });
      indent += 2;
      rest = rest.slice(2);
    }
    const key = KEY.exec(rest)?.[1];
    if (key === undefined) return display(levels.filter((level) => level.indent < indent || level.item !== undefined));
    popWhile(levels, (top) => top.indent >= indent);
    const path = display(levels);
    levels.push({ indent, label: unquoted(key) });
    return path;
  });
}

function popWhile(levels: Level[], isOver: (top: Level) => boolean): void {
  for (let top = levels.at(-1); top && isOver(top); top = levels.at(-1)) levels.pop();
}

/** Leaves what the list lies in; the result is the place of the item that came before, -1 when there was none. */
function popToList(levels: Level[], indent: number): number {
  popWhile(levels, (top) => top.indent > indent);
  const before = levels.at(-1);
  if (before?.indent !== indent || before.item === undefined) return -1;
  levels.pop();
  return before.item;
}

function unquoted(text: string): string {
  return /^".*"$/.test(text) ? text.slice(1, -1) : text;
}

function display(levels: readonly Level[]): string {
  return levels
    .map(({ label, item }) => (item === undefined ? `.${label}` : label))
    .join('')
    .replace(/^\./, '');
}

/** The item's `name` field, if it has one. */
function nameOfItem(lines: readonly string[], start: number, indent: number): string | undefined {
  const field = `${' '.repeat(indent + 2)}name: `;
  const first = `${' '.repeat(indent)}- name: `;
  if (lines[start]?.startsWith(first)) return unquoted(lines[start].slice(first.length));
  for (const line of lines.slice(start + 1)) {
    const depth = line.length - line.trimStart().length;
    if (depth <= indent) return undefined;
    if (line.startsWith(field)) return unquoted(line.slice(field.length));
  }
  return undefined;
}
