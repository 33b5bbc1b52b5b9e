import { dirname, join } from 'node:path/posix';
import ts from 'typescript';

/** One import of another file of the program: static, dynamic or of types alone. */
export interface Import {
  from: string;
  to: string;
  /** Line of the importing file, from 1. */
  line: number;
}

/** The imports among the files of a program, given by path and text. */
export function readImports(files: ReadonlyMap<string, string>): Import[] {
  return [...files].flatMap(([from, text]) =>
    ts
      .preProcessFile(text)
      .importedFiles.filter(({ fileName }) => fileName.startsWith('.'))
      .map(({ fileName, pos }) => ({
        from,
        to: join(dirname(from), fileName),
        line: text.slice(0, pos).split('\n').length,
      })),
  );
}

/** Circles of files, each from its first name on. A file of several circles is in one of them. */
export function findCircles(imports: readonly Import[]): string[][] {
  const next = Map.groupBy(imports, ({ from }) => from);
  const done = new Set<string>();
  const circles: string[][] = [];
  const walk = (file: string, way: readonly string[]): void => {
    const start = way.indexOf(file);
    if (start >= 0) circles.push(way.slice(start));
    if (done.has(file)) return;
    done.add(file);
    for (const { to } of next.get(file) ?? []) walk(to, [...way, file]);
  };
  for (const file of next.keys()) walk(file, []);
  return circles;
}
